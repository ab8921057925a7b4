package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/policy"
)

// policyFile is the name of the file that says what an audit is made under.
const policyFile = "seaworthy.yaml"

// ruling is what a command judges by: the rules that it knows, and the policy
// that they are under.
type ruling struct {
	*policy.Policy
	judging ruleSet // every rule with a check
	known   ruleSet // those about exemptions as well
}

// categories returns the rules that are on, as the policy wants them.
func (p *ruling) categories() ([]audit.Category, error) {
	categories, err := p.Apply(p.judging)
	if err != nil {
		return nil, usagef("%w", err)
	}
	return categories, nil
}

// policyOptions are the flags that choose rules and a policy; every command that
// judges, or speaks of rules, has them.
type policyOptions struct {
	rules             ruleFiles
	file              string
	profile           string
	ignoreAnnotations bool
}

// addJudgingFlags adds the flags of commands that judge.
func (o *policyOptions) addJudgingFlags(c *cobra.Command) {
	o.addFlags(c)
	c.Flags().BoolVar(&o.ignoreAnnotations, "ignore-annotations", false, "accept nothing because an annotation of the cluster ("+policy.Annotation+") says so")
}

func (o *policyOptions) addFlags(c *cobra.Command) {
	var names, described []string
	for _, p := range policy.Profiles() {
		names, described = append(names, p[0]), append(described, p[0]+"\t"+p[1])
	}
	o.rules.addFlag(c)
	c.Flags().StringVar(&o.file, "config", "", "the configuration; without it seaworthy.yaml of this folder or one above it, then that of $XDG_CONFIG_HOME/seaworthy")
	c.Flags().StringVar(&o.profile, "profile", "", "the profile of rules, in place of the configuration's: "+strings.Join(names, ", "))
	completeValues(c, map[string][]string{"profile": described})
}

// load reads the rules and the policy that the flags name or that is found. The
// error has its exit code.
func (o *policyOptions) load(s *streams) (*ruling, error) {
	judging, err := o.rules.ruleSet()
	if err != nil {
		return nil, err
	}
	known := ruleSet(policy.Catalogue(judging))
	file := o.file
	if file == "" {
		found, err := findPolicy(s.env)
		if err != nil {
			return nil, err
		}
		file = found
	}
	var text []byte
	if file != "" {
		read, err := os.ReadFile(file)
		if err != nil {
			return nil, usagef("reading the configuration: %w", err)
		}
		text = read
	}
	p, err := policy.Parse(file, text, known, o.profile)
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	p.IgnoreAnnotations = p.IgnoreAnnotations || o.ignoreAnnotations
	return &ruling{p, judging, known}, nil
}

// findPolicy looks for the file from the working folder upward, as far as the
// top of a Git repository or of the file system, and then where XDG has it. It
// returns "" if there is none.
func findPolicy(env func(string) string) (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", usagef("looking for %s: %w", policyFile, err)
	}
	for folder := start; ; folder = filepath.Dir(folder) {
		file := filepath.Join(folder, policyFile)
		if there, err := exists(file); there || err != nil {
			if near, err := filepath.Rel(start, file); err == nil {
				file = near
			}
			return file, err
		}
		top, err := exists(filepath.Join(folder, ".git"))
		if err != nil {
			return "", err
		}
		if top || folder == filepath.Dir(folder) {
			break
		}
	}
	folder := userFolder(env)
	if folder == "" {
		return "", nil
	}
	file := filepath.Join(folder, policyFile)
	if there, err := exists(file); !there || err != nil {
		return "", err
	}
	return file, nil
}

// exists reports whether there is a file. Not being allowed to know is an error:
// what it would say must not go unheard.
func exists(file string) (bool, error) {
	_, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, usagef("looking for the configuration: %w", err)
	}
	return true, nil
}
