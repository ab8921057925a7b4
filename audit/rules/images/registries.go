package images

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
)

// within returns the first of some registries, or parts of registries, that
// the image is of; false if it is of none. "registry.example/team" has
// registry.example/team/web, but not registry.example/team-b/web.
func (i image) within(places []string) (string, bool) {
	for _, place := range places {
		part, ok := strings.CutPrefix(i.place(), strings.TrimSuffix(place, "/"))
		if ok && place != "" && (part == "" || part[0] == '/') {
			return place, true
		}
	}
	return "", false
}

// registryList returns a parameter that lists registries.
func registryList(name, what string) []audit.Parameter {
	return []audit.Parameter{{
		Name: name,
		About: what + ": registries (registry.example, reg.example:5000), or parts of them by whole segments (docker.io/library). " +
			"Where none is written an image is of docker.io.",
		Value: []string{},
	}}
}
