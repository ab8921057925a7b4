package deprecation

import "testing"

func TestAffected(t *testing.T) {
	t.Parallel()
	faulty := affected{{"", "1.4.13"}, {"1.5.0", "1.5.10"}}
	for text, want := range map[string]struct {
		exposure
		fixed string
	}{
		"1.3.0":               {exposed, "1.4.13"},
		"v1.4.12":             {exposed, "1.4.13"},
		"1.4.13":              {safe, ""},
		"1.4.13-rc.1":         {exposed, "1.4.13"},
		"1.5.0-beta.1":        {exposed, "1.5.10"},
		"1.5.9+k3s1":          {exposed, "1.5.10"},
		"1.5.9-ubuntu":        {exposed, "1.5.10"},
		"1.5.9-0ubuntu1~20.4": {unsure, "1.5.10"},
		"1.4.12~ds1":          {unsure, "1.4.13"},
		"1.4.12-eks-1a2b":     {unsure, "1.4.13"},
		"1.5.10-eks-1a2b":     {safe, ""},
		"1.6.0":               {safe, ""},
	} {
		got, fixed, err := faulty.of(text)
		if got != want.exposure || fixed != want.fixed || err != nil {
			t.Errorf("%s: %v, mended by %q (%v), want %v, %q", text, got, fixed, err, want.exposure, want.fixed)
		}
	}
	for _, text := range []string{"", "latest", "sha256"} {
		if got, _, err := faulty.of(text); err == nil {
			t.Errorf("%q is a version, %v", text, got)
		}
	}
}

func TestImageOf(t *testing.T) {
	t.Parallel()
	for reference, want := range map[string]image{
		"web":                                   {"web", ""},
		"web:1.2":                               {"web", "1.2"},
		"registry.example:5000/team/web":        {"web", ""},
		"registry.example:5000/web:1.2":         {"web", "1.2"},
		"registry.example/web:1.2@sha256:00ff":  {"web", "1.2"},
		"registry.example:5000/web@sha256:00ff": {"web", ""},
	} {
		if got := imageOf(reference); got != want {
			t.Errorf("%s is %+v, want %+v", reference, got, want)
		}
	}
}
