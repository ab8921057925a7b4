package rbac

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// What stands before the name of what one screen is about.
const (
	subjectTarget = "subject/"
	roleTarget    = "aggregated/"
)

// Open returns the screen at "rbac", or at what [Check] lets stand behind it. The keys are
// those it names.
func Open(address nav.Address, keys *keymap.Map) screen.Screen {
	switch {
	case strings.HasPrefix(address.Target, subjectTarget):
		return NewSubject(address)
	case strings.HasPrefix(address.Target, roleTarget):
		return NewRole(address)
	}
	return New(address, keys)
}

// Views are the names of the views, in the order of their tabs.
func Views() []string {
	var names []string
	for _, v := range views() {
		names = append(names, v.name)
	}
	return names
}

// Check reports whether there is a view of that name, or a subject or role in it.
func Check(target string) error {
	names := Views()
	switch {
	case target == "", slices.Contains(names, target):
		return nil
	case strings.HasPrefix(target, subjectTarget), strings.HasPrefix(target, roleTarget):
		return nil
	}
	return fmt.Errorf("there is no view %q, only %s, %sSUBJECT and %sCLUSTERROLE", target, strings.Join(names, ", "), subjectTarget, roleTarget)
}
