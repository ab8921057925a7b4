package audit

import (
	"hash/maphash"
	"reflect"
)

// sharing holds once what many findings say: thousands of workloads lack the
// same thing in the same place, and the same edit cures them.
type sharing struct {
	texts map[string]string
	fixes map[uint64][]Fix // by their hash
	seed  maphash.Seed
}

// mostShared is how many texts, and how many fixes, are remembered.
const mostShared = 1 << 14

func newSharing() *sharing {
	return &sharing{texts: map[string]string{}, fixes: map[uint64][]Fix{}, seed: maphash.MakeSeed()}
}

// finding makes a finding share what it says.
func (s *sharing) finding(f *Finding) {
	f.Container, f.Path, f.Message, f.Detail = s.text(f.Container), s.text(f.Path), s.text(f.Message), s.text(f.Detail)
	f.Fixes = s.alternatives(f.Fixes)
}

func (s *sharing) text(text string) string {
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

// alternatives returns the one copy of fixes that change fields alone: a new
// object bears the name of who it is for.
func (s *sharing) alternatives(fixes []Fix) []Fix {
	if len(fixes) == 0 {
		return nil
	}
	var h maphash.Hash
	h.SetSeed(s.seed)
	for i := range fixes {
		f := &fixes[i]
		if len(f.New) > 0 {
			return fixes
		}
		maphash.WriteComparable(&h, [2]string{f.Title, f.Risk})
		for _, e := range f.Edits {
			maphash.WriteComparable(&h, e.Object)
			maphash.WriteComparable(&h, e.Op)
			h.WriteString(e.Path)
			maphash.WriteComparable(&h, s.value(e.Value))
		}
	}
	content := h.Sum64()
	if held, ok := s.fixes[content]; ok && reflect.DeepEqual(held, fixes) {
		return held
	}
	if len(s.fixes) >= mostShared {
		clear(s.fixes)
	}
	s.fixes[content] = fixes
	return fixes
}

// value returns the hash of a JSON-like value.
func (s *sharing) value(value any) uint64 {
	hash := uint64(1)
	switch v := value.(type) {
	case map[string]any:
		for key, element := range v { // a sum, because a map has no order
			hash += maphash.Comparable(s.seed, [2]uint64{maphash.String(s.seed, key), s.value(element)})
		}
	case []any:
		for _, element := range v {
			hash = maphash.Comparable(s.seed, [2]uint64{hash, s.value(element)})
		}
	default:
		hash = maphash.Comparable(s.seed, v)
	}
	return hash
}
