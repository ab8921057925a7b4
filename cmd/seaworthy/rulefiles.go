package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/audit/custom"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
)

// ruleFiles are files with rules that people wrote.
type ruleFiles struct{ paths []string }

// addFlag adds --rules; every command that knows rules has it.
func (f *ruleFiles) addFlag(c *cobra.Command) {
	c.Flags().StringArrayVar(&f.paths, "rules", nil, "add rules of your own, written in CEL: a file or a directory; repeatable")
}

// ruleSet returns every rule, with those of the files among them. The error is
// one of usage, and names each mistake in the files.
func (f *ruleFiles) ruleSet() (ruleSet, error) {
	written, err := readRules(f.paths)
	if err != nil {
		return nil, usagef("%w", err)
	}
	joined, err := joinedWith(written)
	if err != nil {
		return nil, usagef("%w", err)
	}
	return joined, nil
}

// joinedWith returns every rule, with those that people wrote.
func joinedWith(written []*custom.Rule) (ruleSet, error) { return custom.Join(rules.All(), written) }

// readRules reads the rules of files, and of the YAML files in directories. The
// error has every mistake in them.
func readRules(paths []string) ([]*custom.Rule, error) {
	var all []*custom.Rule
	var faults []error
	for _, path := range paths {
		files, err := filesOfRules(path)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				faults = append(faults, fmt.Errorf("reading rules: %w", err))
				continue
			}
			read, err := custom.Read(file, content)
			if err != nil {
				faults = append(faults, err)
			}
			all = append(all, read...)
		}
	}
	return all, errors.Join(faults...)
}

// filesOfRules returns the file itself or, of a directory, the YAML files in it
// and below, by name.
func filesOfRules(path string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		isYAML := slices.Contains([]string{".yaml", ".yml"}, filepath.Ext(name))
		if !entry.IsDir() && (name == path || isYAML) {
			files = append(files, name)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading rules: %w", err)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("reading rules: %s: no *.yaml or *.yml file in it", path)
	}
	return files, nil
}
