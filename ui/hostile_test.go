package ui_test

import (
	"context"
	"maps"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// hostile are texts that a cluster may have where a name is expected, each by what is
// wrong with it. An API server refuses most of them as names, not as labels of what it
// never checked, messages or annotations; a recording or a manifest may have them anywhere.
func hostile() map[string]string {
	return map[string]string{
		"clears the screen":  "\x1b[2J\x1b[1;1H\x1b[31m",
		"writes a clipboard": "\x1b]52;c;ZXZpbA==\x07\x1b]0;title\x1b\\",
		"C1 controls":        "\u009b31m\u0090q\u009c",
		"turns direction":    "\u202egnp.exe\u202c\u2066x\u2069\u200f",
		"Hebrew and Arabic":  "שלום مرحبا",
		"combining":          "e" + strings.Repeat("\u0301\u20dd", 40),
		"wide":               "日本語テキスト全角",
		"zero width":         "a\u200bb\u2060c\ufeffd\u00ad",
		"emoji":              "👩‍👩‍👧🇩🇪👍🏽❤️1️⃣",
		"lines":              "one\ntwo\r\nthree\u2028four\v\f",
		"tabs and nulls":     "\t\x00\x7f\b\b\b\r",
		"no UTF-8":           "\xff\xfe\xc3(\xed\xa0\x80",
		"long":               strings.Repeat("long-", 13000),
		"long and wide":      strings.Repeat("全", 21500),
		"an address":         "/../%2f?filter=x&sort=y#\"'`$(x)",
	}
}

// TestHostileStrings shows a cluster of which every text has something in it that is no
// text: on no screen does it act, leave its cell or cost much.
func TestHostileStrings(t *testing.T) {
	t.Parallel()
	texts := hostile()
	names := slices.Sorted(maps.Keys(texts))
	for _, name := range names[:kubetest.Rounds(len(names))] {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			explore(t, texts[name], [][2]int{{160, 40}})
		})
	}
}

// FuzzHostileStrings is TestHostileStrings with anything.
func FuzzHostileStrings(f *testing.F) {
	for _, text := range hostile() {
		if len(text) < 1000 {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) { explore(t, text, [][2]int{{100, 30}}) })
}

// explore goes through all screens of a cluster whose texts end in a text.
func explore(t *testing.T, text string, sizes [][2]int) {
	t.Helper()
	w := &hostileWorld{newWorld(), text}
	run(t, ui.Options{Contexts: w, Sighting: ui.Sighting{Place: "context/prod", Name: "prod" + text}}, 100, 30, func(u *user) {
		screentest.Break(u.t, u.cluster)
		u.spoil(text)
		x := &explorer{user: u}
		for _, size := range sizes {
			u.Resize(size[0], size[1])
			x.publish()
			x.screens(text)
			x.lines(text)
		}
		x.Resize(50, 10)
		x.look("compact")
		x.Resize(20, 1)
		x.look("one line")
	})
}

// spoil gives every text of the cluster an end. What was equal stays equal, so that all
// that refers to another object still does.
func (u *user) spoil(text string) {
	info := screentest.Info()
	for _, field := range []*string{&info.Name, &info.Server, &info.Version, &info.User} {
		*field += text
	}
	before := u.cluster.Build(screentest.Noon)
	after := kube.NewBuilder(info)
	set := func(r kube.Resource, o kube.Object) {
		if err := after.Set(r, o); err != nil {
			u.t.Fatal(err)
		}
	}
	for _, r := range kube.Resources() {
		for _, o := range before.Objects(r) {
			clone := reflect.New(reflect.TypeOf(o).Elem())
			clone.Elem().Set(reflect.ValueOf(o).Elem())
			spoilValue(clone.Elem(), text)
			set(r, clone.Interface().(kube.Object))
		}
		phase := kube.Synced
		if r.Custom() {
			phase = kube.Forbidden
		}
		after.SetState(kube.State{Resource: r, Phase: phase, Reason: "may not list" + text, Verb: "list" + text})
	}
	for i := range 8 {
		name := strings.Repeat("n", i%3+1) + string(rune('a'+i%26)) + text
		set(kube.Namespaces, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"team" + text: "x" + text}}})
		set(kube.Deployments, screentest.Deployment(name, "web"+text))
	}
	u.cluster = after
}

// spoilValue gives every text in a value an end, but for those that say what an object is
// and what a rule grants. Maps, slices and pointers are made anew.
func spoilValue(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() && v.String() != "" {
			v.SetString(v.String() + text)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			made := reflect.New(v.Type().Elem())
			made.Elem().Set(v.Elem())
			spoilValue(made.Elem(), text)
			v.Set(made)
		}
	case reflect.Slice:
		made := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(made, v)
		for i := range made.Len() {
			spoilValue(made.Index(i), text)
		}
		v.Set(made)
	case reflect.Map:
		if labels, ok := reflect.TypeAssert[map[string]string](v); ok {
			v.Set(reflect.ValueOf(spoilLabels(labels, text)))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			kept := []string{"Kind", "APIVersion", "APIGroup", "APIGroups", "Verbs", "Resources", "UID", "ResourceVersion"}
			if field.IsExported() && !slices.Contains(kept, field.Name) {
				spoilValue(v.Field(i), text)
			}
		}
	default: // numbers and the like
	}
}

func spoilLabels(labels map[string]string, text string) map[string]string {
	made := map[string]string{}
	for key, value := range labels {
		made[key+text] = value + text
	}
	return made
}

// hostileWorld are contexts whose names end in a text.
type hostileWorld struct {
	*world
	text string
}

func (w *hostileWorld) List(ctx context.Context) ([]screen.Destination, error) {
	list, err := w.world.List(ctx)
	for i := range list {
		for _, field := range []*string{&list[i].Name, &list[i].Cluster, &list[i].User, &list[i].Server, &list[i].Namespace, &list[i].Login} {
			*field += w.text
		}
	}
	return list, err
}

// explorer looks at each frame.
type explorer struct {
	*user
}

// screens opens every screen, and from lists what stands first in them.
func (x *explorer) screens(text string) {
	for _, keys := range [][]string{
		{"enter", "v", "b", "Z", "enter", "tab", "D", "y", "P", "tab", "y", "esc", "esc", "W", "tab", "tab", "tab", "tab", "y", "y"},
		{"G", "enter", "tab", "enter", "tab", "w", "C", "esc"},
	} {
		x.goTo("overview")
		x.do(keys...)
	}
	for _, name := range slices.Sorted(maps.Keys(ui.RouteNames())) {
		x.goTo(name)
		if x.do("w", "j", "n", "G", "tab", "y"); name != "contexts" { // where enter leads away
			x.do("enter", "esc")
		}
	}
	x.goTo("triage")
	x.do("G", "j", "k", "t", "space", "y", "i", "g", "enter", "G", "g", "2", "G", "3", "G", "4", "G", "5", "i", "1", "L", "esc", "E", "esc", "a", "esc", "space")
	x.goTo("rbac")
	x.do("1", "2", "x", "enter", "tab", "enter", "P", "esc", "esc", "3", "enter", "4", "5", "6", "enter")
	x.goTo("plan")
	x.do("j", "tab", "d", "e", "enter", "t", ">")
	for _, address := range []string{"plan", "rbac"} {
		x.goTo(address)
		for _, key := range []string{"a", "/"} {
			x.do(key)
			x.send(tea.PasteMsg{Content: "c" + text})
			x.do("enter", "esc")
		}
	}
	x.goTo("ns/payments" + strings.ReplaceAll(text, " ", ""))
	x.do("A", "F")
}

// lines types and pastes where something is typed.
func (x *explorer) lines(text string) {
	x.goTo("overview")
	for _, key := range []string{"/", ":", "ctrl+p"} {
		x.do(key)
		x.send(tea.PasteMsg{Content: "pay" + text})
		x.do("left", "home", "end", "tab", "enter", "esc", "esc")
	}
	x.do("ctrl+p")
	x.send(tea.PasteMsg{Content: "pay"})
	x.do("down", "enter", "esc", ":")
	x.send(tea.PasteMsg{Content: "address"})
	x.do("enter", "X")
	x.send(nil)
	x.do("esc")
}

// goTo opens an address, typed as one text.
func (x *explorer) goTo(address string) {
	x.do("esc", ":")
	x.send(tea.PasteMsg{Content: address})
	x.do("enter")
}

func (x *explorer) do(keys ...string) {
	x.t.Helper()
	for _, key := range keys {
		runtime.LockOSThread()
		started := threadTime()
		x.Press(key)
		took := threadTime() - started
		runtime.UnlockOSThread()
		if *slowest > 0 && took > *slowest {
			x.t.Errorf("%q took %v at %.100q", key, took, x.Model().(*ui.Model).Addresses())
		}
		x.look(key)
	}
}

func (x *explorer) send(msg tea.Msg) {
	x.t.Helper()
	x.Send(msg)
	x.look("a message")
}

// look looks at what holds for every frame beside what the robot looks at: terminals
// agree on how wide it is, nothing in it turns or hides, and neither does the title.
func (x *explorer) look(what string) {
	x.t.Helper()
	for _, line := range x.Lines() {
		if one, other := ansi.StringWidth(line), ansi.StringWidthWc(line); one != other {
			x.t.Fatalf("after %q terminals take a line to be %d or %d wide: %q", what, one, other, line)
		}
		if i := strings.IndexFunc(line, unseen); i >= 0 {
			x.t.Fatalf("after %q a line has %q: %q", what, line[i:min(len(line), i+4)], line)
		}
	}
	title := x.View().WindowTitle
	if strings.ContainsFunc(title, unseen) || ansi.StringWidth(title) > 200 {
		x.t.Fatalf("after %q the title of the window is %d cells wide: %.300q", what, ansi.StringWidth(title), title)
	}
}

// unseen reports whether a letter shows nothing: it controls, turns or joins.
func unseen(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) }
