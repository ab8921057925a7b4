package kube

import (
	"slices"
)

// Referred reports whether something in the view is known to refer to a
// ConfigMap, a Secret, a ServiceAccount or a PersistentVolumeClaim: pods, pod
// templates (also those scaled to zero, and of CronJobs), past ReplicaSets that
// a rollback returns to, ServiceAccounts, Ingresses, volumes, roles that allow
// it by name, and custom resources that the view holds. It is true as well where
// a program is told the name in its command line, its environment or an
// annotation.
//
// False proves nothing: a program may ask the API server for any name. And it is
// no better than what could be read of the resources of [ReferringTo].
func (c *Cluster) Referred(r Resource, namespace, name string) bool {
	if referencesIn.Of(c, namespace).has(r, name) || referencesOfCluster.Of(c).has(r, namespace, name) {
		return true
	}
	if pastReferencesIn.Of(c, namespace).has(r, name) {
		return true
	}
	_, mentioned := mentionsIn.Of(c, namespace)[name]
	return mentioned
}

// ReferringTo returns the resources whose objects [Cluster.Referred] looks at
// for the objects of a resource, but for custom ones: see [CustomReferring].
func ReferringTo(r Resource) []Resource {
	all := append(WorkloadResources(), ServiceAccounts, Roles, ClusterRoles, Ingresses, Services, PersistentVolumes, StorageClasses)
	switch r {
	case ConfigMaps:
		all = append(all, ValidatingAdmissionPolicies, ValidatingAdmissionPolicyBindings)
	case ServiceAccounts:
		all = append(all, Secrets)
	}
	return all
}

// CustomReferring returns the custom resources that [Cluster.Referred] looks at.
// A cluster without one of them has no such objects.
func CustomReferring() []Resource {
	return append(customReferringNamespaced(), GatewayClasses)
}

func customReferringNamespaced() []Resource {
	return []Resource{
		Gateways, ReferenceGrants, Certificates, Kustomizations, HelmReleases, GitRepositories, OCIRepositories,
		IngressRoutes, Middlewares, ServiceMonitors, PodMonitors, SecretProviderClasses, ExternalSecrets, SandboxTemplates,
	}
}

// referable are the resources of which references are gathered.
func referable() []Resource {
	return []Resource{ConfigMaps, Secrets, ServiceAccounts, PersistentVolumeClaims}
}

// names is a set of names.
type names map[string]struct{}

func (n *names) add(name string) {
	if name == "" {
		return
	}
	if *n == nil {
		*n = names{}
	}
	(*n)[name] = struct{}{}
}

func (n names) has(name string) bool { _, ok := n[name]; return ok }

// references are what is referred to in one namespace, by name.
type references struct {
	configMaps, secrets, accounts, claims names

	stateful map[string]ordinals // the claims of StatefulSets, by what they begin with
	// everySecret and everyConfigMap are set where another namespace is allowed to
	// refer to all of them.
	everyConfigMap, everySecret bool
}

// of returns the names of a resource, nil if its references are not gathered.
func (r *references) of(resource Resource) *names {
	switch resource {
	case ConfigMaps:
		return &r.configMaps
	case Secrets:
		return &r.secrets
	case ServiceAccounts:
		return &r.accounts
	case PersistentVolumeClaims:
		return &r.claims
	}
	return nil
}

// ofKind returns the names of a kind of the core group.
func (r *references) ofKind(kind string) *names {
	for _, resource := range referable() {
		if resource.Kind == kind {
			return r.of(resource)
		}
	}
	return nil
}

func (r *references) has(resource Resource, name string) bool {
	switch {
	case resource == Secrets && r.everySecret, resource == ConfigMaps && r.everyConfigMap,
		resource == PersistentVolumeClaims && r.hasClaim(name):
		return true
	}
	n := r.of(resource)
	return n != nil && n.has(name)
}

// referencesIn has what the objects of a namespace refer to in it, but for past
// ReplicaSets.
var referencesIn = DeriveFor(func(c *Cluster, namespace string) *references {
	r := &references{}
	for _, w := range c.WorkloadsIn(namespace) {
		r.podSpec(w.Pod.Spec)
	}
	for _, j := range c.Jobs.In(namespace) { // those of a CronJob as they were started
		r.podSpec(&j.Spec.Template.Spec)
	}
	r.statefulClaims(c, namespace)
	r.pods(c.Pods.In(namespace))
	for _, a := range c.ServiceAccounts.In(namespace) {
		for _, s := range a.ImagePullSecrets {
			r.secrets.add(s.Name)
		}
		for _, s := range a.Secrets {
			r.secrets.add(s.Name)
		}
	}
	for _, i := range c.Ingresses.In(namespace) {
		for _, t := range i.Spec.TLS {
			r.secrets.add(t.SecretName)
		}
	}
	for _, role := range c.Roles.In(namespace) {
		r.rules(role.Rules)
	}
	r.tokens(c, namespace)
	for _, resource := range customReferringNamespaced() {
		for _, o := range c.Custom(resource).In(namespace) {
			r.custom(resource, o)
		}
	}
	return r
})

// pods adds what pods refer to that are not as their templates: what admission
// plugins added to them, and what is left of a rollout. Replicas share a spec.
func (r *references) pods(pods []*Pod) {
	seen := map[any]bool{}
	for _, p := range pods {
		if !seen[p.Spec] {
			seen[p.Spec] = true
			r.podSpec(p.Spec)
		}
	}
}

// tokens adds the ServiceAccounts for which somebody made a Secret with a token:
// whoever has the token is not to be seen. Those that old servers made for every
// account are listed in it.
func (r *references) tokens(c *Cluster, namespace string) {
	for _, s := range c.Secrets.In(namespace) {
		account := s.Annotations[accountOfToken]
		if account == "" {
			continue
		}
		held, ok := c.ServiceAccounts.Get(namespace, account)
		if !ok || !slices.ContainsFunc(held.Secrets, nameIs(s.Name)) {
			r.accounts.add(account)
		}
	}
}

// pastReferencesIn has what past ReplicaSets of a namespace refer to. A rollback
// makes one of them current again; without its ConfigMap its pods do not start,
// and a rollback is the worst moment to find that out. They are many and
// encoded, so they are read only for what nothing else refers to.
var pastReferencesIn = DeriveFor(func(c *Cluster, namespace string) *references {
	r := &references{}
	seen := map[EncodedPodSpec]bool{}
	for _, set := range c.ReplicaSets.In(namespace) {
		if !seen[set.spec] {
			seen[set.spec] = true
			r.podSpec(&set.Template().Spec)
		}
	}
	return r
})
