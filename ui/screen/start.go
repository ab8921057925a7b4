package screen

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/answer"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
)

// The words before the colon that are no kind of objects.
const (
	startAccount   = "sa"
	startNamespace = "ns"
	startEntry     = "entry"
)

// PathsFrom returns the address of the paths from a subject.
func PathsFrom(s access.Subject) nav.Address { return pathsOf(answer.Subject(s)) }

// PathsFromEntry returns the address of the paths from a way in, by what it is
// called.
func PathsFromEntry(name string) nav.Address { return pathsOf(startEntry + ":" + name) }

// PathsFromObject returns the address of the paths from an object:
// "paths/deployment:shop/web", "paths/ns:shop", "paths/sa:shop/web". Whether any
// lead from it, that screen says.
func PathsFromObject(ref kube.Ref) nav.Address {
	kind := strings.ToLower(ref.Kind)
	switch ref.Kind {
	case kube.ServiceAccounts.Kind:
		kind = startAccount
	case kube.Namespaces.Kind:
		kind = startNamespace
	}
	if ref.Namespace != "" {
		return pathsOf(kind + ":" + ref.Namespace + "/" + ref.Name)
	}
	return pathsOf(kind + ":" + ref.Name)
}

func pathsOf(target string) nav.Address { return nav.Address{Screen: "paths", Target: target} }

// Start is where paths begin: one of the three is set, none for everywhere.
type Start struct {
	Subject access.Subject
	Entry   string // what a way in is called
	Object  kube.Ref
}

// ParseStart reads what stands behind "paths/". What is not an object of a kind
// that the program reads, and no way in, is read as a subject; the error says which
// form is wrong.
func ParseStart(text string) (Start, error) {
	word, name, _ := strings.Cut(text, ":")
	switch {
	case text == "":
		return Start{}, nil
	case word == startEntry:
		return Start{Entry: name}, nil
	case word == startNamespace:
		return Start{Object: kube.Namespaces.Ref("", name)}, nil
	}
	for _, r := range kube.Resources() {
		if word != strings.ToLower(r.Kind) || r == kube.ServiceAccounts {
			continue
		}
		if namespace, object, namespaced := strings.Cut(name, "/"); namespaced && r.Namespaced {
			return Start{Object: r.Ref(namespace, object)}, nil
		}
		if !r.Namespaced && name != "" {
			return Start{Object: r.Ref("", name)}, nil
		}
	}
	s, err := access.ParseSubject(text)
	return Start{Subject: s}, err
}
