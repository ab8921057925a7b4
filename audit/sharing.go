package audit

import "sync"

// sharing holds once what many findings say: thousands of workloads lack the
// same thing in the same place.
type sharing struct {
	mu       sync.Mutex
	texts    map[string]string
	findings map[wording]*Finding
	tallies  map[Tally]*Tally
}

// wording is what a finding says, without what can be worked out again.
type wording struct {
	rule                                      *Rule
	category                                  string
	severity                                  Severity
	fixable                                   bool
	container, path, message, detail, implied string
}

func wordingOf(f *Finding) wording {
	return wording{f.Rule, f.Category, f.Severity, f.Fixable, f.Container, f.Path, f.Message, f.Detail, f.Implied}
}

// mostShared is how many texts, findings and tallies are remembered.
const mostShared = 1 << 14

func newSharing() *sharing {
	return &sharing{texts: map[string]string{}, findings: map[wording]*Finding{}, tallies: map[Tally]*Tally{}}
}

// finding returns the one finding that says what f does.
func (s *sharing) finding(f *Finding) *Finding {
	w := wordingOf(f)
	s.mu.Lock()
	defer s.mu.Unlock()
	if held, ok := s.findings[w]; ok {
		return held
	}
	if len(s.findings) >= mostShared {
		clear(s.findings)
	}
	kept := *f // here, so that one that is held already takes no memory
	kept.Container, kept.Path, kept.Message, kept.Detail = s.one(f.Container), s.one(f.Path), s.one(f.Message), s.one(f.Detail)
	kept.Fixes, kept.Placeholder = nil, nil
	s.findings[wordingOf(&kept)] = &kept
	return &kept
}

// tally returns the one tally that counts the same.
func (s *sharing) tally(t Tally) *Tally {
	s.mu.Lock()
	defer s.mu.Unlock()
	if held, ok := s.tallies[t]; ok {
		return held
	}
	if len(s.tallies) >= mostShared {
		clear(s.tallies)
	}
	s.tallies[t] = &t
	return &t
}

// text returns the one string that says what text does.
func (s *sharing) text(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.one(text)
}

// one is text for who holds the lock.
func (s *sharing) one(text string) string {
	if text == "" {
		return ""
	}
	if held, ok := s.texts[text]; ok {
		return held
	}
	if len(s.texts) >= mostShared {
		clear(s.texts)
	}
	s.texts[text] = text
	return text
}
