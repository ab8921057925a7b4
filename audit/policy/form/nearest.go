package form

// longest is how many bytes a name has that is suggested, or a wrong one for which one is:
// what is longer was pasted, and comparing takes the product of both lengths.
const longest = 512

// Nearest suggests one of the names for a wrong one, as `; did you mean "x"?`, ""
// if none is near. A name that goes on where the wrong one ends is near too.
func Nearest(wrong string, names []string) string {
	if len(wrong) > longest {
		return ""
	}
	best, least := "", min(max(2, len(wrong)/3), len(wrong)-1)+1
	shortest := 0
	for _, name := range names {
		if len(wrong)-len(name) >= least || len(name) > longest {
			continue
		}
		start, whole := distances(wrong, name)
		if start < least || start == least && best != "" && whole < shortest {
			best, least, shortest = name, start, whole
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean \"" + best + "\"?"
}

// distances returns how many bytes have to be put in, taken out or replaced to
// make a the start of b, and to make it the whole of b.
func distances(a, b string) (start, whole int) {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	start = len(a)
	for _, d := range row {
		start = min(start, d)
	}
	return start, row[len(b)]
}
