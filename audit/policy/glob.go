package policy

// glob reports whether a name matches a pattern, in which * stands for any text
// and ? for one byte. All else stands for itself.
func glob(pattern, name string) bool {
	p, n := 0, 0
	star, resume := -1, 0 // the last *, and where in the name its text ends
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, resume = p, n
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == name[n]):
			p++
			n++
		case star >= 0:
			resume++
			p, n = star+1, resume
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}
