package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// grace is how long components have to end before they are killed. Nothing they
// could save is wanted.
const grace = 3 * time.Second

// object is a Kubernetes object or a part of one, as JSON has it.
type object = map[string]any

// options is what is asked of a cluster.
type options struct {
	controllers bool
	nodes       int
	zones       int // over which the nodes are spread, at least 1
	metrics     bool
	record      bool
	canaries    []string
	dir         string // "" for a temporary one
}

// description is what up prints about the cluster.
type description struct {
	Kubeconfig string            `json:"kubeconfig"`
	AuditLog   string            `json:"auditLog"`
	RequestLog string            `json:"requestLog,omitempty"`
	Server     string            `json:"server"`
	Etcd       string            `json:"etcd"` // URL of its clients
	Dir        string            `json:"dir"`
	Tokens     map[string]string `json:"tokens"`
	Processes  map[string]int    `json:"processes"` // process IDs by component
}

// controlPlane is one running cluster.
type controlPlane struct {
	options   options
	builder   *builder
	progress  io.Writer
	ports     *ports
	dir       string
	authority *authority
	tokens    tokens
	server    string
	etcd      string
	client    *client // as the testbed itself, which the audit log leaves out
	processes []*process
	recorder  *recorder // nil unless recording
}

func runUp(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	var o options
	flags := flag.NewFlagSet("testbed up", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.BoolVar(&o.controllers, "controllers", false, "run the controller manager and the scheduler")
	flags.IntVar(&o.nodes, "nodes", 0, "how many `nodes` to have; they run pods")
	flags.IntVar(&o.zones, "zones", 3, "over how many `zones` to spread the nodes")
	flags.BoolVar(&o.metrics, "metrics", false, "run metrics-server; implies -controllers and a node")
	flags.BoolVar(&o.record, "record", false, "let the kubeconfig's requests pass through a proxy that records them")
	flags.Func("canary", "record whether this `text` was in a response (may be repeated; implies -record)", func(text string) error {
		o.canaries = append(o.canaries, text)
		o.record = true
		return nil
	})
	flags.StringVar(&o.dir, "dir", "", "run in this `folder`, which must be empty or not exist, and keep it (default: a temporary one, removed at the end)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return usageError(fmt.Sprintf("unexpected argument %q", flags.Arg(0)))
	}
	if o.zones < 1 || o.zones > 26 {
		return usageError("zones must be 1 to 26")
	}
	if o.metrics {
		o.controllers = true
		o.nodes = max(o.nodes, 1)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		// What is read does not matter, only that it ends.
		_, _ = io.Copy(io.Discard, stdin)
		cancel(errors.New("standard input was closed"))
	}()
	return up(ctx, o, stdout, stderr)
}

// up runs a cluster until the context ends.
func up(ctx context.Context, o options, stdout, stderr io.Writer) (err error) {
	b, err := newBuilder(stderr)
	if err != nil {
		return err
	}
	// All are built before any is started: a build can take minutes.
	for _, name := range o.components() {
		if _, err := b.find(ctx, name); err != nil {
			return err
		}
	}
	c := &controlPlane{options: o, builder: b, progress: stderr, tokens: newTokens()}
	defer func() { err = errors.Join(err, c.stop()) }()
	started := time.Now()
	starting, cancel := context.WithTimeoutCause(ctx, 3*time.Minute, errors.New("it took longer than three minutes"))
	defer cancel()
	if err := c.startAll(starting); err != nil {
		return err
	}
	fmt.Fprintf(stderr, "%s is ready after %s\n", c.server, time.Since(started).Round(10*time.Millisecond))
	if err := json.NewEncoder(stdout).Encode(c.describe()); err != nil {
		return fmt.Errorf("printing the description: %w", err)
	}
	return c.watch(ctx)
}

// components are the binaries that the options ask for, in the order of their
// start.
func (o options) components() []string {
	names := []string{etcd, apiServer}
	if o.controllers {
		names = append(names, controllerManager, scheduler)
	}
	if o.nodes > 0 {
		names = append(names, kwok)
	}
	if o.metrics {
		names = append(names, metricsServer)
	}
	return names
}

func (c *controlPlane) startAll(ctx context.Context) error {
	if err := c.prepare(); err != nil {
		return err
	}
	etcdURL, err := c.startEtcd(ctx)
	if err != nil {
		return err
	}
	c.etcd = etcdURL
	if err := c.startAPIServer(ctx, etcdURL); err != nil {
		return err
	}
	if err := c.allowReaders(ctx); err != nil {
		return err
	}
	if c.options.controllers {
		if err := c.startControllers(ctx); err != nil {
			return err
		}
	}
	if c.options.nodes > 0 {
		if err := c.startNodes(ctx); err != nil {
			return err
		}
	}
	if c.options.metrics {
		return c.startMetricsServer(ctx)
	}
	return nil
}

// prepare makes the directory, the certificates and the kubeconfig.
func (c *controlPlane) prepare() error {
	var err error
	if c.dir, err = makeDir(c.options.dir); err != nil {
		return err
	}
	if c.ports, err = newPorts(c.builder.cache); err != nil {
		return err
	}
	port, err := c.ports.next()
	if err != nil {
		return err
	}
	c.server = fmt.Sprintf("https://127.0.0.1:%d", port)
	if c.authority, err = newAuthority(c.dir); err != nil {
		return err
	}
	own, err := c.componentKubeconfig("testbed")
	if err != nil {
		return err
	}
	if c.client, err = own.client(); err != nil {
		return err
	}
	return c.writeUserKubeconfig()
}

// makeDir makes the directory to run in; "" stands for a temporary one.
func makeDir(wanted string) (string, error) {
	if wanted == "" {
		dir, err := os.MkdirTemp("", "seaworthy-testbed-")
		if err != nil {
			return "", fmt.Errorf("making a temporary directory: %w", err)
		}
		return dir, nil
	}
	dir, err := filepath.Abs(wanted)
	if err != nil {
		return "", fmt.Errorf("making %s: %w", wanted, err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("making the directory: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", fmt.Errorf("reading the directory: %w", err)
	}
	if len(entries) > 0 {
		return "", fmt.Errorf("running in %s: it is not empty", dir)
	}
	return dir, nil
}

// componentKubeconfig is for a component, the testbed itself or the admin: one user with a
// certificate, its own name and all rights, so that logs tell them apart.
func (c *controlPlane) componentKubeconfig(user string) (*kubeconfig, error) {
	files, err := c.authority.client(user, "system:masters")
	if err != nil {
		return nil, err
	}
	ca, err := os.ReadFile(c.authority.file())
	if err != nil {
		return nil, fmt.Errorf("reading the authority: %w", err)
	}
	entry, err := certificateUser(user, files)
	if err != nil {
		return nil, err
	}
	k := newKubeconfig(c.server, ca)
	k.add(entry)
	return k, nil
}

// writeComponentKubeconfig writes the kubeconfig of a component and gives its path.
func (c *controlPlane) writeComponentKubeconfig(component string) (string, error) {
	k, err := c.componentKubeconfig(component)
	if err != nil {
		return "", err
	}
	path := filepath.Join(c.dir, component+".kubeconfig")
	return path, k.write(path)
}

// writeUserKubeconfig writes the file for whoever uses the cluster. When requests
// are recorded its server is the recorder, which cannot pass a client certificate
// on: then the admin too has a token.
func (c *controlPlane) writeUserKubeconfig() error {
	k, err := c.componentKubeconfig("admin")
	if err != nil {
		return err
	}
	if c.options.record {
		if c.recorder, err = c.startRecorder(); err != nil {
			return err
		}
		k.Clusters[0].Cluster.Server = c.recorder.url
		k.Users[0] = tokenUser("admin", c.tokens["admin"])
	}
	k.add(tokenUser("reader", c.tokens["reader"]))
	k.add(tokenUser("viewer", c.tokens["viewer"]))
	return k.write(c.userKubeconfig())
}

func (c *controlPlane) userKubeconfig() string { return filepath.Join(c.dir, "kubeconfig") }

// start starts a component.
func (c *controlPlane) start(ctx context.Context, name string, args ...string) error {
	path, err := c.builder.find(ctx, name)
	if err != nil {
		return err
	}
	p, err := startProcess(c.dir, name, path, args)
	if err != nil {
		return err
	}
	c.processes = append(c.processes, p)
	return nil
}

func (c *controlPlane) waitFor(ctx context.Context, what string, probe func(context.Context) error) error {
	return waitFor(ctx, what, c.processes, probe)
}

// watch waits for the context to end, which is the end that is wanted, or for a
// component to end, which is an error.
func (c *controlPlane) watch(ctx context.Context) error {
	ended := make(chan *process, len(c.processes))
	for _, p := range c.processes {
		go func() {
			<-p.done
			ended <- p
		}()
	}
	select {
	case <-ctx.Done():
		return nil
	case p := <-ended:
		return p.died()
	}
}

// stop ends everything and removes what was temporary.
func (c *controlPlane) stop() error {
	var failures []error
	if c.recorder != nil {
		failures = append(failures, c.recorder.close())
	}
	if len(c.processes) > 0 {
		// Without etcd the others would wait for it instead of ending.
		stopProcesses(c.processes[1:], grace)
		stopProcesses(c.processes[:1], grace)
	}
	if c.ports != nil {
		c.ports.release()
	}
	if c.options.dir == "" && c.dir != "" {
		failures = append(failures, os.RemoveAll(c.dir))
	}
	return errors.Join(failures...)
}

func (c *controlPlane) describe() description {
	d := description{
		Kubeconfig: c.userKubeconfig(), AuditLog: c.auditLog(), Server: c.server, Etcd: c.etcd, Dir: c.dir,
		Tokens: c.tokens, Processes: map[string]int{},
	}
	if c.recorder != nil {
		d.Server, d.RequestLog = c.recorder.url, c.recorder.path
	}
	for _, p := range c.processes {
		d.Processes[p.name] = p.command.Process.Pid
	}
	return d
}

func portOf(address string) (string, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("reading address %s: %w", address, err)
	}
	return parsed.Port(), nil
}
