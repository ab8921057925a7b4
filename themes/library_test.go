package themes_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/seaworthy-dev/seaworthy/themes"
)

func read(t *testing.T, folders ...themes.Folder) *themes.Library {
	t.Helper()
	library, err := themes.Read(folders...)
	if err != nil {
		t.Fatal(err)
	}
	return library
}

func own(files map[string]string) themes.Folder {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return themes.Folder{Files: m, Name: "own"}
}

func hex(r, g, b uint8) themes.Color { return themes.Color{Kind: themes.RGB, R: r, G: g, B: b} }

// TestSchemes reads schemes of both forms as people have them, by themselves and as the
// palette of a theme.
func TestSchemes(t *testing.T) {
	t.Parallel()
	library := read(t, themes.Folder{Files: os.DirFS("testdata"), Name: "testdata"})
	for name, want := range map[string]struct {
		title  string
		dark   bool
		ground themes.Color
		text   themes.Color
	}{
		"ocean":     {"Ocean", true, hex(0x2b, 0x30, 0x3b), hex(0xc0, 0xc5, 0xce)},
		"one-light": {"One Light", false, hex(0xfa, 0xfa, 0xfa), hex(0x38, 0x3a, 0x42)},
		"ours":      {"Ocean with a loud critical", true, hex(0x2b, 0x30, 0x3b), hex(0xc0, 0xc5, 0xce)},
	} {
		theme, err := library.Load(name)
		if err != nil {
			t.Error(err)
			continue
		}
		if theme.Title != want.title || theme.Dark != want.dark || theme.Ground != want.ground || theme.Value(themes.Text).Foreground != want.text {
			t.Errorf("theme %s is %q, dark %v, ground %v, text %v", name, theme.Title, theme.Dark, theme.Ground, theme.Value(themes.Text).Foreground)
		}
		if theme.File != "testdata/"+name+".yaml" {
			t.Errorf("theme %s is of the file %q", name, theme.File)
		}
		if name != "ours" && !theme.Reads(theme.Ground) {
			t.Errorf("theme %s cannot be read on its own ground", name)
		}
		if theme.Value(themes.High) == theme.Value(themes.Critical) || theme.Value(themes.High) == theme.Value(themes.Medium) {
			t.Errorf("theme %s has severities of one look", name)
		}
	}
	loud, err := library.Load("ours")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := loud.Value(themes.Critical), (themes.Value{Foreground: hex(0x2b, 0x30, 0x3b), Background: hex(0xbf, 0x61, 0x6a), Bold: true}); got != want {
		t.Errorf("critical is %+v, want %+v", got, want)
	}
}

func TestExtends(t *testing.T) {
	t.Parallel()
	library := read(t, themes.Folder{Files: os.DirFS("testdata"), Name: "testdata"})
	theme, err := library.Load("extended")
	if err != nil {
		t.Fatal(err)
	}
	dark := load(t, "dark")
	if theme.Ground != dark.Ground || theme.Title != dark.Title || theme.Value(themes.Medium) != dark.Value(themes.Medium) {
		t.Errorf("the theme has not taken ground, title and roles over: %+v", theme)
	}
	if got, want := theme.Value(themes.High).Foreground, hex(0xff, 0x99, 0x99); got != want {
		t.Errorf("high is %v, want %v", got, want)
	}
	accent := dark.Value(themes.Accent)
	accent.Underline = true
	if got := theme.Value(themes.Accent); got != accent {
		t.Errorf("the accent is %+v, want %+v", got, accent)
	}
	if dark.Value(themes.High) == theme.Value(themes.High) {
		t.Error("the extended theme has changed")
	}
}

// TestOwnThemesWin: a user's dark takes the place of the program's, and can build on it.
func TestOwnThemesWin(t *testing.T) {
	t.Parallel()
	first := own(map[string]string{
		"dark.yaml": "title: mine\nextends: dark\n", "sub.yml": "extends: dark\nlight: true\n",
		"notes.txt": "x", "folder.yaml/x": "x",
	})
	last := own(map[string]string{"sub.yaml": "title: later\n"})
	library := read(t, first, last, themes.Folder{Files: os.DirFS("no-such-folder"), Name: "none"})
	for name, want := range map[string]string{"dark": "mine", "sub": "later", "light": load(t, "light").Title} {
		theme, err := library.Load(name)
		if err != nil || theme.Title != want {
			t.Errorf("theme %s has the title %v (error %v), want %q", name, theme, err, want)
		}
	}
	names := library.Names()
	if !slices.IsSorted(names) || !slices.Contains(names, "sub") || slices.Contains(names, "notes") || slices.Contains(names, "folder") || len(names) != len(themes.Names())+1 {
		t.Errorf("the names are %v", names)
	}
}

// TestOnly reads one file of a folder that has more, and what it builds on.
func TestOnly(t *testing.T) {
	t.Parallel()
	folder := themes.Folder{Files: os.DirFS("testdata"), Name: "testdata", Only: "ours.yaml"}
	library := read(t, folder)
	if _, err := library.Load("ours"); err != nil {
		t.Error(err)
	}
	if slices.Contains(library.Names(), "extended") {
		t.Error("another file of the folder is a theme")
	}
	for only, want := range map[string]string{"none.yaml": "reading theme testdata/none.yaml", ".": "reading theme testdata"} {
		folder.Only = only
		if _, err := themes.Read(folder); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("reading %s gives %v, want %q", only, err, want)
		}
	}
	long := own(map[string]string{"long.yaml": strings.Repeat("# long\n", 20000)})
	if _, err := read(t, long).Load("long"); err == nil || !strings.Contains(err.Error(), "more than 65536 bytes") {
		t.Errorf("a file that is too long gives %v", err)
	}
}

func TestLibraryErrors(t *testing.T) {
	t.Parallel()
	scheme, err := os.ReadFile("testdata/ocean.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		files map[string]string
		want  string
	}{
		"extends nothing":  {map[string]string{"x.yaml": "title: x\nextends: nowhere\n"}, `own/x.yaml: line 2: loading theme "nowhere": no such theme`},
		"extends itself":   {map[string]string{"x.yaml": "extends: x\n"}, `own/x.yaml: line 1: theme "x" extends itself`},
		"extends in turn":  {map[string]string{"x.yaml": "extends: y\n", "y.yaml": "extends: x\n"}, `theme "x" extends itself`},
		"below is broken":  {map[string]string{"x.yaml": "extends: y\n", "y.yaml": "roles:\n  a: red\n"}, `own/x.yaml: line 1: reading theme own/y.yaml: line 2: unknown role "a"`},
		"no such scheme":   {map[string]string{"x.yaml": "base24: y.yaml\n"}, `line 1: loading theme "y": no such theme`},
		"both":             {map[string]string{"x.yaml": "extends: dark\nbase24: y.yaml\n"}, "line 2: a theme extends another or has a base24, not both"},
		"colour missing":   {map[string]string{"x.yaml": strings.ReplaceAll(string(scheme), "base0B", "base1B")}, "base0B is missing"},
		"colour bad":       {map[string]string{"x.yaml": strings.ReplaceAll(string(scheme), "a3be8c", "a3be8")}, `line 14: bad colour "#a3be8"`},
		"system unknown":   {map[string]string{"x.yaml": "system: base8\n" + string(scheme)}, `line 1: unknown system "base8"`},
		"palette is a lie": {map[string]string{"x.yaml": "palette:\n  base00: [a]\n"}, `line 2: the value of "base00" must be a plain string`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := read(t, own(tt.files)).Load("x")
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error is %v, want %q", err, tt.want)
			}
		})
	}
}

func TestReread(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{"x.yaml": {Data: []byte("title: one\n"), ModTime: time.Unix(1, 0)}}
	library := read(t, themes.Folder{Files: files, Name: "own"})
	if library.Reread() != library {
		t.Error("nothing has changed, and there is another library")
	}
	files["x.yaml"] = &fstest.MapFile{Data: []byte("title: two\n"), ModTime: time.Unix(2, 0)}
	next := library.Reread()
	for l, want := range map[*themes.Library]string{library: "one", next: "two"} {
		if theme, err := l.Load("x"); err != nil || theme.Title != want {
			t.Errorf("the title is %+v (error %v), want %q", theme, err, want)
		}
	}
	delete(files, "x.yaml")
	if next.Reread() != next {
		t.Error("a file that is gone for a moment has changed the theme")
	}
	if (*themes.Library)(nil).Reread() != nil {
		t.Error("the embedded themes have changed")
	}
}

// BenchmarkReread is what a user's own themes cost once a second while one is in force:
// ten files on a disk, of which none has changed.
func BenchmarkReread(b *testing.B) {
	dir := b.TempDir()
	for i := range 10 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("theme-%d.yaml", i)), []byte("extends: dark\n"), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	library, err := themes.Read(themes.Folder{Files: os.DirFS(dir), Name: dir})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if library.Reread() != library {
			b.Fatal("nothing has changed, and there is another library")
		}
	}
}

// FuzzParse feeds the reader of themes what people may have on their disks: it must end,
// without a panic, in a theme or in an error that names the file.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"ocean.yaml", "one-light.yaml", "ours.yaml", "extended.yaml"} {
		data, err := fs.ReadFile(os.DirFS("testdata"), name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Add("extends: x\nbase24: x.yaml\nroles: {a: b}\n")
	f.Add("palette: {base00: 1}")
	f.Add("- a\n")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		theme, err := read(t, own(map[string]string{"x.yaml": text})).Load("x")
		if err != nil {
			if !strings.Contains(err.Error(), "x.yaml") {
				t.Errorf("the error does not name the file: %v", err)
			}
			return
		}
		for _, role := range themes.Roles() {
			_ = theme.Value(role)
		}
	})
}
