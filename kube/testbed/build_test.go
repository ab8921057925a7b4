package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestModuleVersion(t *testing.T) {
	t.Parallel()
	const file = `module example.com/m

require k8s.io/kubernetes v1.37.1

require (
	go.etcd.io/etcd/client/v3 v3.6.0 // indirect
	go.etcd.io/etcd/server/v3 v3.7.3 // indirect
)

replace k8s.io/api => k8s.io/api v0.37.1
`
	for _, test := range []struct{ module, want string }{
		{"k8s.io/kubernetes", "v1.37.1"},
		{"go.etcd.io/etcd/server/v3", "v3.7.3"},
		{"go.etcd.io/etcd", ""},
		{"k8s.io/api", ""},
	} {
		got, err := moduleVersion(strings.NewReader(file), test.module)
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("version of %s: %q, %v; want %q", test.module, got, err, test.want)
		}
	}
}

// The versions must be readable from the files that are really there.
func TestBinaryVersions(t *testing.T) {
	t.Parallel()
	for _, b := range binaries() {
		version, err := b.version()
		if err != nil {
			t.Errorf("%s: %v", b.name, err)
		}
		if flags := linkerFlags(b, version); b.component == "kubernetes" && !strings.Contains(flags, "version.gitVersion="+version+" ") {
			t.Errorf("%s is linked with %q, without its version", b.name, flags)
		}
	}
}

func TestAsset(t *testing.T) {
	own, kubebuilder := t.TempDir(), t.TempDir()
	for _, path := range []string{
		filepath.Join(own, apiServer), filepath.Join(kubebuilder, apiServer),
		filepath.Join(kubebuilder, etcd), filepath.Join(kubebuilder, kwok),
	} {
		if err := os.WriteFile(path+executableSuffix(), nil, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("SEAWORTHY_TESTBED_ASSETS", own)
	t.Setenv("KUBEBUILDER_ASSETS", kubebuilder)
	for name, want := range map[string]string{apiServer: own, etcd: kubebuilder, kwok: "", metricsServer: ""} {
		if want != "" {
			want = filepath.Join(want, name+executableSuffix())
		}
		if got := asset(name); got != want {
			t.Errorf("asset %s is %q, want %q", name, got, want)
		}
	}
}
