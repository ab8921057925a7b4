// Command bench measures the whole program against the least that a client can do.
//
// It starts real API servers, fills them with fleets (kube/kubetest/fleet), and
// runs in turn the floor (kube/live/floor, a bare typed list of everything) and
// "seaworthy scan", each as a process of its own. Ratios between the two are what
// counts: they hold on any machine and on a slow day. A third process follows a
// server while pods change two thousand times a second. The table goes into the
// README between two marks, profiles of a scan into the folder of the binaries.
//
// It runs on Linux, from the root of the checkout.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest/fleet"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	sizes := flag.String("sizes", "10000,30000", "how many `pods` the servers have, by commas")
	runs := flag.Int("runs", 5, "how often each program runs")
	readme := flag.String("readme", "", "the `file` whose table is to be replaced")
	folder := flag.String("folder", "bin", "where binaries and profiles go")
	flag.Parse()
	if err := run(ctx, *sizes, *runs, *readme, *folder); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, sizes string, runs int, readme, folder string) error {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return fmt.Errorf("finding %s: %w", folder, err)
	}
	b := binaries{folder}
	progress("building")
	if err := errors.Join(os.MkdirAll(folder, 0o755), b.build(ctx)); err != nil {
		return err
	}
	t := newTable()
	if err := b.offline(ctx, runs, t); err != nil {
		return err
	}
	for size := range strings.SplitSeq(sizes, ",") {
		pods, err := strconv.Atoi(size)
		if err != nil {
			return fmt.Errorf("reading a size: %w", err)
		}
		if err := b.live(ctx, fleet.Of(pods), runs, t); err != nil {
			return fmt.Errorf("measuring %d pods: %w", pods, err)
		}
	}
	if _, err := fmt.Fprintln(os.Stdout, t); err != nil {
		return err
	}
	if readme == "" {
		return nil
	}
	return t.writeInto(readme)
}

func progress(format string, args ...any) { fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...) }

// offline measures what needs no server.
func (b binaries) offline(ctx context.Context, runs int, t *table) error {
	progress("measuring without a server")
	version, err := repeat(ctx, runs, b.path("seaworthy"), "version")
	if err != nil {
		return err
	}
	t.alone("`seaworthy version`", version, "under 50 ms")
	path := b.path("manifests.yaml")
	objects, err := writeManifests(path)
	if err != nil {
		return err
	}
	scan, err := repeat(ctx, runs, b.path("seaworthy"), "scan", "-f", path)
	if err != nil {
		return err
	}
	t.alone(fmt.Sprintf("`scan -f`, one file of %s objects", thousands(objects)), scan, "under 1 s")
	return nil
}

// live measures everything with a server.
func (b binaries) live(ctx context.Context, f fleet.Fleet, runs int, t *table) (err error) {
	progress("filling a server with %d pods", f.Pods())
	s, err := b.start(ctx, f)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	progress("scanning")
	floor := append([]string{b.path("floor")}, "-kubeconfig", s.Kubeconfig, "-context", "reader")
	scan := append([]string{b.path("seaworthy"), "scan"}, s.reader()...)
	least, ours, err := alternate(ctx, runs, floor, scan)
	if err != nil {
		return err
	}
	t.against(fmt.Sprintf("`scan`, %s pods live", thousands(f.Pods())), least, ours)
	profile, err := b.profile(ctx, scan, f.Pods())
	if err != nil {
		return err
	}
	progress("profiles of the scan: %s", profile)
	followed, err := s.follow(ctx, f)
	if err != nil {
		return err
	}
	t.follows = append(t.follows, followed)
	return nil
}

// profile runs a command once more and keeps its profiles.
func (b binaries) profile(ctx context.Context, line []string, pods int) (string, error) {
	folder := b.path(fmt.Sprintf("profile-%d", pods))
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", fmt.Errorf("keeping profiles: %w", err)
	}
	if err := os.Setenv("SEAWORTHY_PROFILE", folder); err != nil {
		return "", fmt.Errorf("keeping profiles: %w", err)
	}
	defer func() { _ = os.Unsetenv("SEAWORTHY_PROFILE") }()
	_, err := measure(ctx, line[0], line[1:]...)
	if err != nil {
		return "", err
	}
	return folder, summarize(ctx, line[0], folder)
}

// written takes from an object what no manifest has: what the server and its
// defaults add.
func written(o fleet.Object) {
	o.SetManagedFields(nil)
	o.SetUID("")
	o.SetGeneration(0)
	o.SetCreationTimestamp(metav1.Time{})
	d, ok := o.(*appsv1.Deployment)
	if !ok {
		return
	}
	d.Annotations, d.Spec.Strategy, d.Spec.RevisionHistoryLimit = nil, appsv1.DeploymentStrategy{}, nil
	spec := &d.Spec.Template.Spec
	spec.RestartPolicy, spec.DNSPolicy, spec.SchedulerName, spec.DeprecatedServiceAccount, spec.TerminationGracePeriodSeconds = "", "", "", "", nil
	for i := range spec.Containers {
		c := &spec.Containers[i]
		c.TerminationMessagePath, c.TerminationMessagePolicy, c.ImagePullPolicy = "", "", ""
	}
}

// manifests is how many objects the file has that the offline scan reads: as many
// as the file that other tools were measured with.
const manifests = 7801

// writeManifests writes a file of manifests, as people write them.
func writeManifests(path string) (int, error) {
	var out bytes.Buffer
	count := 0
	for r, o := range fleet.Of(34000).Objects() {
		if r != kube.Deployments && r != kube.Services && r != kube.ServiceAccounts {
			continue
		}
		written(o)
		text, err := json.Marshal(o)
		if err != nil {
			return count, fmt.Errorf("encoding a manifest: %w", err)
		}
		var fields map[string]any
		if err := json.Unmarshal(text, &fields); err != nil {
			return count, fmt.Errorf("encoding a manifest: %w", err)
		}
		delete(fields, "status")
		fields["kind"], fields["apiVersion"] = r.Kind, strings.TrimPrefix(r.Group+"/"+r.Version, "/")
		manifest, err := yaml.Marshal(fields)
		if err != nil {
			return count, fmt.Errorf("encoding a manifest: %w", err)
		}
		out.WriteString("---\n")
		out.Write(manifest)
		if count++; count == manifests {
			break
		}
	}
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		return count, fmt.Errorf("writing manifests: %w", err)
	}
	return count, nil
}
