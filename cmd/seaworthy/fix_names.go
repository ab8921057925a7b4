package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// patchBase is the folder from which a patch names files.
type patchBase struct {
	folder string // absolute; "" where there is no file
	// inRepository says that it is the top of a Git repository that has all of them.
	inRepository bool
}

// baseOf returns the folder from which a patch of files names them: the working folder
// if all are in it; else, and always if top is true, the top of the repository that
// they are in; the folder that they have in common if there is none. A name with ".."
// in it would be refused by git apply and patch.
func baseOf(files []string, top bool) (patchBase, error) {
	var paths []string
	for _, file := range files {
		if file == manifest.Stdin {
			continue
		}
		path, err := filepath.Abs(file)
		if err != nil {
			return patchBase{}, fmt.Errorf("naming %s: %w", file, err)
		}
		paths = append(paths, path)
	}
	here, err := filepath.Abs(".")
	if err != nil {
		return patchBase{}, fmt.Errorf("naming the working folder: %w", err)
	}
	if len(paths) == 0 {
		return patchBase{}, nil
	}
	allHere := !slices.ContainsFunc(paths, func(path string) bool { return !within(here, path) })
	if allHere && !top {
		return patchBase{folder: here}, nil
	}
	repository, err := repositoryOf(paths)
	switch {
	case err != nil:
		return patchBase{}, err
	case repository != "":
		return patchBase{repository, true}, nil
	case allHere:
		return patchBase{folder: here}, nil
	}
	common := filepath.Dir(paths[0])
	for _, path := range paths[1:] {
		for !within(common, path) {
			common = filepath.Dir(common)
		}
	}
	return patchBase{folder: common}, nil
}

// within reports whether a path is in a folder, both absolute.
func within(folder, path string) bool {
	near, err := filepath.Rel(folder, path)
	return err == nil && filepath.IsLocal(near)
}

// repositoryOf returns the top of the Git repository that all paths are in, "" if there
// is none.
func repositoryOf(paths []string) (string, error) {
	found := ""
	for i, path := range paths {
		top, err := topOf(filepath.Dir(path))
		if err != nil {
			return "", err
		}
		if top == "" || i > 0 && top != found {
			return "", nil
		}
		found = top
	}
	return found, nil
}

// topOf returns the folder of a repository that a folder is in, "" if it is in none.
// What marks it is a folder, or a file in a worktree (git-scm.com/docs/gitrepository-layout).
func topOf(folder string) (string, error) {
	for {
		there, err := exists(filepath.Join(folder, ".git"))
		if err != nil {
			return "", err
		}
		if there {
			return folder, nil
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return "", nil
		}
		folder = parent
	}
}

// name is the name of a file as a patch has it.
func (b patchBase) name(file string) string {
	if file == manifest.Stdin {
		return "stdin.yaml"
	}
	if path, err := filepath.Abs(file); err == nil {
		if near, err := filepath.Rel(b.folder, path); err == nil {
			file = near
		}
	}
	return filepath.ToSlash(filepath.Clean(file))
}

// elsewhere says from which folder a patch is to be applied; "" for the working folder.
func (b patchBase) elsewhere() string {
	if here, err := filepath.Abs("."); err != nil || b.folder == "" || b.folder == here {
		return ""
	}
	return b.folder
}

// word is a path as one word of a shell.
func word(path string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/-"
	if strings.Trim(path, plain) == "" {
		return path
	}
	return quoted(path)
}
