package policy

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/seaworthy-dev/seaworthy/audit"
)

// Default is the profile where none is chosen: every rule at its own severity,
// but for matters of taste.
const Default = "default"

//go:embed profiles/*.yaml
var profiles embed.FS

// profile is a file of profiles/.
type profile struct {
	About string    `yaml:"about"` // one sentence
	Only  selection `yaml:"only"`
	// Without are rules that the profile leaves out: matters of taste and of house
	// rules, which a configuration may switch on.
	Without []string `yaml:"without"`
	// Severities are those of rules that the profile sees otherwise.
	Severities map[string]audit.Severity `yaml:"severities"`
}

// selection picks rules: those of which each list that is not empty has one.
type selection struct {
	Severity   audit.Severity `yaml:"severity"` // this one or worse
	Controls   []string       `yaml:"controls"`
	Categories []string       `yaml:"categories"`

	without []string // by ID, whatever else holds
}

func (s selection) has(category string, r *audit.Rule) bool {
	if slices.Contains(s.without, r.ID) {
		return false
	}
	if len(s.Categories) > 0 && !slices.Contains(s.Categories, category) {
		return false
	}
	if len(s.Controls) > 0 && !slices.ContainsFunc(r.Controls, func(c string) bool { return slices.Contains(s.Controls, c) }) {
		return false
	}
	return r.Severity >= s.Severity
}

// Profiles returns the names of the profiles with a sentence about each, the
// default first.
func Profiles() [][2]string {
	entries, err := profiles.ReadDir("profiles")
	if err != nil {
		return nil
	}
	var list [][2]string
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), path.Ext(e.Name()))
		p, err := loadProfile(name)
		if err != nil {
			continue // a test loads each of them
		}
		list = append(list, [2]string{name, p.About})
	}
	return list
}

func profileNames() []string {
	var names []string
	for _, p := range Profiles() {
		names = append(names, p[0])
	}
	return names
}

func loadProfile(name string) (profile, error) {
	var p profile
	text, err := profiles.ReadFile("profiles/" + name + ".yaml")
	if err != nil {
		return p, fmt.Errorf("profile %q does not exist, only %s", name, strings.Join(profileNames(), ", "))
	}
	decoder := yaml.NewDecoder(strings.NewReader(string(text)))
	decoder.KnownFields(true)
	if err := decoder.Decode(&p); err != nil {
		return p, fmt.Errorf("reading profile %s: %w", name, err)
	}
	return p, nil
}

// start puts a profile below what the policy says of its rules.
func (p *Policy) start(name string) error {
	chosen, err := loadProfile(name)
	if err != nil {
		return err
	}
	p.Profile, p.picks = name, chosen.Only
	if p.rules == nil {
		p.rules = map[string]setting{}
	}
	p.picks.without = chosen.Without
	for id, severity := range chosen.Severities {
		p.rules[id] = p.rules[id].over(setting{severity: severity})
	}
	return nil
}
