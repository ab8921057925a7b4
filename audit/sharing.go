package audit

// sharing holds once what many findings say: thousands of workloads lack the
// same thing in the same place.
type sharing map[string]string

// mostShared is how many texts are remembered.
const mostShared = 1 << 14

// finding makes a finding share what it says, and leaves out what can be worked
// out again.
func (s sharing) finding(f *Finding) {
	f.Container, f.Path, f.Message, f.Detail = s.text(f.Container), s.text(f.Path), s.text(f.Message), s.text(f.Detail)
	f.Fixes = nil
}

func (s sharing) text(text string) string {
	if text == "" {
		return ""
	}
	if held, ok := s[text]; ok {
		return held
	}
	if len(s) >= mostShared {
		clear(s)
	}
	s[text] = text
	return text
}
