package kubetest

// shareUnderRace is how many times fewer rounds there are with the race detector, which
// makes code five to ten times as slow.
const shareUnderRace = 10

// Rounds returns how many of all rounds a test runs: all of them, or with the race
// detector a tenth, one at least. It is for rounds that differ in what goes in alone,
// such as seeds, sizes and texts: they lead to no other races. What runs at the same time
// is tested in full, with the detector above all.
func Rounds[N int | uint64](all N) N {
	if !racing {
		return all
	}
	return max(min(1, all), all/shareUnderRace)
}
