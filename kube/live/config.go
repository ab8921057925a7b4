package live

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// Flags is how the user names clusters: kubectl's flags, of which --context may
// be repeated and --namespace takes several. The zero Flags is the current
// context of the kubeconfig that kubectl would use.
type Flags struct {
	Kubeconfig string   // --kubeconfig: the only file to read, "" for $KUBECONFIG or ~/.kube/config
	Contexts   []string // --context: empty means the current one
	Namespaces []string // --namespace: empty means all

	overrides clientcmd.ConfigOverrides
	unsaid    clientcmd.ConfigOverrides // what they are where no flag is given
}

// Register adds the flags to a set.
func (f *Flags) Register(flags *pflag.FlagSet) {
	flags.StringVar(&f.Kubeconfig, clientcmd.RecommendedConfigPathFlag, "", "path to the kubeconfig file to use")
	flags.StringArrayVar(&f.Contexts, clientcmd.FlagContext, nil, "the kubeconfig context to use (default the current one)")
	flags.StringSliceVarP(&f.Namespaces, clientcmd.FlagNamespace, "n", nil, "the namespaces to look at (default all)")
	names := clientcmd.RecommendedConfigOverrideFlags("")
	names.CurrentContext.LongName = ""
	names.ContextOverrideFlags.Namespace.LongName = ""
	names.AuthOverrideFlags.Username.LongName = "" // no server takes passwords since 1.19
	names.AuthOverrideFlags.Password.LongName = ""
	clientcmd.BindOverrideFlags(&f.overrides, flags, names)
	f.unsaid = f.overrides
	f.unsaid.Timeout = ""
}

// Context is one entry of a kubeconfig.
type Context struct {
	Name      string
	Cluster   string // the name of the cluster's entry
	User      string // the name of the user's entry
	Namespace string // "" if the entry names none
	Server    string // the server's URL, "" if the cluster's entry is missing
	Current   bool
	// Plugin is the command that its credentials come from, "" for none: it may ask
	// something, or open a browser.
	Plugin string
	// Fingerprint is the same for contexts of the same cluster, "" if its entry is missing.
	Fingerprint string
}

// List returns the contexts of the kubeconfig, by name. The error is an
// [*Error].
func (f *Flags) List() ([]Context, error) {
	config, err := f.load()
	if err != nil {
		return nil, err
	}
	contexts := make([]Context, 0, len(config.Contexts))
	for _, name := range slices.Sorted(maps.Keys(config.Contexts)) {
		entry := config.Contexts[name]
		c := Context{
			Name: name, Cluster: entry.Cluster, User: entry.AuthInfo, Namespace: entry.Namespace,
			Current: name == config.CurrentContext,
		}
		if cluster := config.Clusters[entry.Cluster]; cluster != nil {
			c.Server, c.Fingerprint = cluster.Server, fingerprint(cluster)
		}
		c.Plugin = plugin(config.AuthInfos[entry.AuthInfo])
		contexts = append(contexts, c)
	}
	return contexts, nil
}

// connection is what a context comes to.
type connection struct {
	name      string // the context, or what stands for it
	namespace string // the context's own namespace, "default" if it names none
	config    *rest.Config
}

// connect finds the server and the credentials of a context; "" is the current
// one. The error is an [*Error].
func (f *Flags) connect(context string) (*connection, error) {
	config, err := f.load()
	if err != nil {
		return nil, err
	}
	overridden := f.overrides.ClusterInfo.Server != "" || f.overrides.Context.Cluster != ""
	if len(config.Contexts) == 0 && len(config.Clusters) == 0 && !overridden && context == "" {
		return f.inCluster()
	}
	name := cmp.Or(context, config.CurrentContext)
	if err := checkContext(config, name, overridden); err != nil {
		return nil, err
	}
	overrides := f.overrides
	overrides.CurrentContext = context
	client := clientcmd.NewNonInteractiveClientConfig(*config, name, &overrides, nil)
	restConfig, err := client.ClientConfig()
	if err != nil {
		return nil, f.misconfigured(name, err)
	}
	namespace, _, err := client.Namespace()
	if err != nil {
		return nil, f.misconfigured(name, err)
	}
	if restConfig.ExecProvider != nil {
		if restConfig.ExecProvider.PluginPolicy, err = pluginPolicy(os.Getenv); err != nil {
			return nil, &Error{Reason: BadKubeconfig, Context: name, Message: oneLine(err.Error()), Err: err}
		}
	}
	return &connection{name: cmp.Or(name, restConfig.Host), namespace: namespace, config: restConfig}, nil
}

// checkContext finds what is wrong with a context; name is "" if there is none to
// take, which is right only where flags say which server is meant (overridden).
func checkContext(config *clientcmdapi.Config, name string, overridden bool) error {
	switch {
	case name == "" && !overridden:
		return &Error{Reason: UnknownContext, Message: "the kubeconfig has no current context; " + knownContexts(config)}
	case name != "" && config.Contexts[name] == nil:
		return &Error{
			Reason: UnknownContext, Context: name,
			Message: fmt.Sprintf("context %q is not in the kubeconfig; %s", name, knownContexts(config)),
		}
	case name != "" && config.Clusters[config.Contexts[name].Cluster] == nil && !overridden:
		// clientcmd would say that no configuration has been provided.
		return &Error{
			Reason: BadKubeconfig, Context: name,
			Message: fmt.Sprintf("context %q names the cluster %q, which is not in the kubeconfig", name, config.Contexts[name].Cluster),
		}
	}
	return nil
}

// inCluster is the connection of a pod to the cluster it runs in.
func (f *Flags) inCluster() (*connection, error) {
	config, err := rest.InClusterConfig()
	if errors.Is(err, rest.ErrNotInCluster) {
		return nil, &Error{Reason: NoKubeconfig, Message: ErrNoCluster.Error(), Err: ErrNoCluster}
	}
	if err != nil {
		return nil, &Error{Reason: Login, Message: fmt.Sprintf("reading the pod's service account: %s", err), Err: err}
	}
	if config.Timeout, err = clientcmd.ParseTimeout(cmp.Or(f.overrides.Timeout, "0")); err != nil {
		return nil, f.misconfigured("in-cluster", err)
	}
	config.Impersonate = rest.ImpersonationConfig{
		UserName: f.overrides.AuthInfo.Impersonate,
		UID:      f.overrides.AuthInfo.ImpersonateUID,
		Groups:   f.overrides.AuthInfo.ImpersonateGroups,
	}
	own, err := os.ReadFile("/var/run/secrets/kubernetes.io/serviceaccount/namespace")
	if err != nil {
		own = []byte("default")
	}
	return &connection{name: "in-cluster", namespace: strings.TrimSpace(string(own)), config: config}, nil
}

// load reads the kubeconfig; it is empty where there is none and none was asked
// for.
func (f *Flags) load() (*clientcmdapi.Config, error) {
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	rules.ExplicitPath = f.Kubeconfig
	rules.MigrationRules = nil // they write
	rules.WarnIfAllMissing = false
	config, err := rules.Load()
	switch {
	case err == nil:
		return config, nil
	case f.Kubeconfig != "" && errors.Is(err, fs.ErrNotExist):
		return nil, &Error{Reason: NoKubeconfig, Message: fmt.Sprintf("kubeconfig %s does not exist", f.Kubeconfig), Err: err}
	}
	return nil, &Error{Reason: BadKubeconfig, Message: "reading the kubeconfig: " + oneLine(err.Error()), Err: err}
}

// misconfigured explains an error of clientcmd.
func (f *Flags) misconfigured(context string, err error) *Error {
	if _, timeout := clientcmd.ParseTimeout(cmp.Or(f.overrides.Timeout, "0")); timeout != nil {
		return &Error{Reason: BadFlag, Context: context, Message: fmt.Sprintf("--request-timeout %q is no duration", f.overrides.Timeout), Err: timeout}
	}
	return &Error{
		Reason: BadKubeconfig, Context: context, Err: err,
		Message: fmt.Sprintf("reading context %q of the kubeconfig: %s", context, oneLine(err.Error())),
	}
}

func knownContexts(config *clientcmdapi.Config) string {
	names := slices.Sorted(maps.Keys(config.Contexts))
	if len(names) == 0 {
		return "it has no contexts"
	}
	return "it has " + strings.Join(names, ", ")
}
