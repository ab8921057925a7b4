package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// Names of the binaries, as upstream calls them.
const (
	etcd              = "etcd"
	apiServer         = "kube-apiserver"
	controllerManager = "kube-controller-manager"
	scheduler         = "kube-scheduler"
	kwok              = "kwok"
	metricsServer     = "metrics-server"
)

// binary is one program and where its source is.
type binary struct {
	name      string
	component string // what the version belongs to; names the cache folder
	folder    string // holds the go.mod that pins it, beside this file
	module    string // whose version in that go.mod is the binary's
	pkg       string
	minutes   int // roughly, for a first build on two cores
}

func binaries() []binary {
	const k8s = "k8s.io/kubernetes"
	return []binary{
		{etcd, "etcd", "etcd", "go.etcd.io/etcd/server/v3", "go.etcd.io/etcd/server/v3", 1},
		{apiServer, "kubernetes", "kubernetes", k8s, k8s + "/cmd/kube-apiserver", 7},
		{controllerManager, "kubernetes", "kubernetes", k8s, k8s + "/cmd/kube-controller-manager", 3},
		{scheduler, "kubernetes", "kubernetes", k8s, k8s + "/cmd/kube-scheduler", 1},
		{kwok, "kwok", "nodes", "sigs.k8s.io/kwok", "sigs.k8s.io/kwok/cmd/kwok", 4},
		{metricsServer, "metrics-server", "nodes", "sigs.k8s.io/metrics-server", "sigs.k8s.io/metrics-server/cmd/metrics-server", 2},
	}
}

func findBinary(name string) (binary, error) {
	all := binaries()
	i := slices.IndexFunc(all, func(b binary) bool { return b.name == name })
	if i < 0 {
		return binary{}, usageError(fmt.Sprintf("unknown binary %q", name))
	}
	return all[i], nil
}

// builder finds binaries, and builds those that are not there yet.
type builder struct {
	cache    string
	progress io.Writer
}

func newBuilder(progress io.Writer) (*builder, error) {
	cache, err := cacheFolder()
	if err != nil {
		return nil, err
	}
	return &builder{cache: cache, progress: progress}, nil
}

// sourceFolder is the folder with the go.mod files that pin the versions: the
// current one or kube/testbed of a checkout around it.
func sourceFolder() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("finding the testbed's source: %w", err)
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		for _, candidate := range []string{dir, filepath.Join(dir, "kube", "testbed")} {
			if _, err := os.Stat(filepath.Join(candidate, "kubernetes", "go.mod")); err == nil {
				return candidate, nil
			}
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("finding the testbed's source: no kube/testbed in or above %s", start)
		}
	}
}

func cacheFolder() (string, error) {
	if dir := os.Getenv("SEAWORTHY_TESTBED_CACHE"); dir != "" {
		return dir, nil
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("finding the cache (set SEAWORTHY_TESTBED_CACHE): %w", err)
	}
	return filepath.Join(dir, "seaworthy", "testbed"), nil
}

// find gives the path of a binary, building it if need be.
func (b *builder) find(ctx context.Context, name string) (string, error) {
	wanted, err := findBinary(name)
	if err != nil {
		return "", err
	}
	if path := asset(name); path != "" {
		return path, nil
	}
	source, err := sourceFolder()
	if err != nil {
		return "", err
	}
	wanted.folder = filepath.Join(source, wanted.folder)
	version, err := wanted.version()
	if err != nil {
		return "", err
	}
	folder := fmt.Sprintf("%s-%s-%s-%s", wanted.component, version, runtime.GOOS, runtime.GOARCH)
	path := filepath.Join(b.cache, folder, name+executableSuffix())
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	if err := b.build(ctx, wanted, version, path); err != nil {
		return "", fmt.Errorf("building %s %s: %w", name, version, err)
	}
	return path, nil
}

// asset is the path of a binary that the user has provided, or "".
func asset(name string) string {
	folders := []string{os.Getenv("SEAWORTHY_TESTBED_ASSETS")}
	if name == etcd || name == apiServer {
		folders = append(folders, os.Getenv("KUBEBUILDER_ASSETS"))
	}
	for _, folder := range folders {
		if folder == "" {
			continue
		}
		path := filepath.Join(folder, name+executableSuffix())
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return ""
}

func executableSuffix() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}

func (b binary) version() (string, error) {
	path := filepath.Join(b.folder, "go.mod")
	file, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("reading the version of %s: %w", b.name, err)
	}
	defer file.Close()
	version, err := moduleVersion(file, b.module)
	if err != nil {
		return "", fmt.Errorf("reading the version of %s from %s: %w", b.name, path, err)
	}
	return version, nil
}

// moduleVersion reads the version that a go.mod requires of a module. It reads
// require lines only: what is replaced has its version on the other side.
func moduleVersion(file io.Reader, module string) (string, error) {
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		fields := strings.Fields(strings.TrimPrefix(strings.TrimSpace(lines.Text()), "require "))
		if len(fields) >= 2 && fields[0] == module && strings.HasPrefix(fields[1], "v") {
			return fields[1], nil
		}
	}
	if err := lines.Err(); err != nil {
		return "", err
	}
	return "", fmt.Errorf("it does not require %s", module)
}

// build compiles into the cache. Several test packages may ask for the same binary
// at once: one builds, the others wait for it and find it there.
func (b *builder) build(ctx context.Context, wanted binary, version, path string) error {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	unlock, err := lockFile(ctx, path+".lock", func() {
		fmt.Fprintf(b.progress, "waiting for another build of %s %s\n", wanted.name, version)
	})
	if err != nil {
		return err
	}
	defer unlock()
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	fmt.Fprintf(b.progress, "building %s %s (about %d min on 2 cores the first time, seconds from a warm Go build cache)\n",
		wanted.name, version, wanted.minutes)
	started := time.Now()
	unfinished := path + ".unfinished"
	args := []string{"build", "-C", wanted.folder, "-ldflags", linkerFlags(wanted, version), "-o", unfinished, wanted.pkg}
	command := exec.CommandContext(ctx, "go", args...)
	command.Env = append(os.Environ(), "GOWORK=off")
	command.Stdout, command.Stderr = b.progress, b.progress
	if err := command.Run(); err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return fmt.Errorf("running go %s: %w", strings.Join(args, " "), err)
	}
	if err := os.Rename(unfinished, path); err != nil {
		return err
	}
	fmt.Fprintf(b.progress, "built %s in %s\n", wanted.name, time.Since(started).Round(time.Second))
	return nil
}

// linkerFlags drops debug information, which halves the binaries, and stamps the
// version into the Kubernetes ones: theirs comes from a release script and is not
// even semantic (v0.0.0-master+$Format:%H$) when built as a module.
// There is no -trimpath, so that the packages compiled are those of any other
// build of the same modules on the machine.
func linkerFlags(wanted binary, version string) string {
	if wanted.component == "etcd" {
		return ""
	}
	flags := "-s -w"
	if wanted.component != "kubernetes" {
		return flags
	}
	const stamp = " -X k8s.io/component-base/version."
	number := strings.SplitN(strings.TrimPrefix(version, "v"), ".", 3)
	flags += stamp + "gitVersion=" + version
	if len(number) == 3 {
		flags += stamp + "gitMajor=" + number[0] + stamp + "gitMinor=" + number[1]
	}
	return flags + stamp + "gitTreeState=clean"
}

func runBuild(ctx context.Context, args []string, stderr io.Writer) error {
	names := args
	switch {
	case len(names) == 0:
		names = []string{etcd, apiServer}
	case len(names) == 1 && names[0] == "all":
		names = nil
		for _, b := range binaries() {
			names = append(names, b.name)
		}
	}
	b, err := newBuilder(stderr)
	if err != nil {
		return err
	}
	var failures []error
	for _, name := range names {
		path, err := b.find(ctx, name)
		if err != nil {
			failures = append(failures, err)
			continue
		}
		fmt.Fprintln(stderr, path)
	}
	return errors.Join(failures...)
}
