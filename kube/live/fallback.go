package live

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	authorizationv1 "k8s.io/api/authorization/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

const (
	// mostNamespaces is in how many namespaces at the most a resource is read
	// one by one: each is a watch that the server holds open.
	mostNamespaces = 200
	// reviewAge is how long the answer to what one may do stays good.
	reviewAge = 5 * time.Minute
)

// fallBack starts to read, one by one, the namespaces in which a resource may
// be listed that may not be listed in all. It returns the reason with what it
// did about it. The view then has a State for each of those namespaces, while
// that of the whole stays [kube.Forbidden].
func (w *watching) fallBack(ctx context.Context, f *feed, reason string) string {
	switch {
	case f.resource == kube.Namespaces:
		w.readIn(f.resource, []string{w.source.connection.namespace})
		return reason + "; name the namespaces to look at with --namespace"
	case !f.resource.Namespaced:
		return reason
	}
	known := w.namespaces(ctx)
	var permitted []string
	for _, namespace := range known[:min(len(known), mostNamespaces)] {
		if w.permissions.mayList(ctx, w.source, f.resource, namespace) {
			permitted = append(permitted, namespace)
		}
	}
	if ctx.Err() != nil {
		return reason
	}
	w.readIn(f.resource, permitted)
	if len(permitted) == 0 {
		return reason
	}
	return fmt.Sprintf("%s; read in %d of %d known namespaces", reason, len(permitted), len(known))
}

// namespaces returns the names of the namespaces that are known, sorted: those
// listed, or else the context's own.
func (w *watching) namespaces(ctx context.Context) []string {
	w.mu.Lock()
	all := w.feeds[feedKey{kube.Namespaces, ""}]
	w.mu.Unlock()
	select {
	case <-all.settled:
	case <-ctx.Done():
	}
	if !all.isSynced() {
		return []string{w.source.connection.namespace}
	}
	var names []string
	for _, n := range all.names() {
		names = append(names, n.Name)
	}
	slices.Sort(names)
	return names
}

// readIn makes the feeds of a resource in single namespaces exactly these.
func (w *watching) readIn(r kube.Resource, namespaces []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for key, f := range w.feeds {
		if key.resource == r && key.namespace != "" && !slices.Contains(namespaces, key.namespace) {
			w.drop(key, f)
			f.forgetAll()
		}
	}
	for _, namespace := range namespaces {
		w.add(r, namespace)
	}
}

// endFallback ends the feeds of single namespaces once all may be listed.
// Synced says so of the feed of all: no view is built between the two.
func (w *watching) endFallback(all *feed, synced func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	synced()
	r := all.resource
	for key, f := range w.feeds {
		if key.resource != r || key.namespace == "" {
			continue
		}
		w.drop(key, f)
		for _, name := range f.names() {
			if !all.has(name) {
				w.builder.Delete(r, name.Namespace, name.Name)
			}
		}
	}
}

// drop ends a feed and forgets its state; the caller holds the lock.
func (w *watching) drop(key feedKey, f *feed) {
	f.end()
	delete(w.feeds, key)
	w.builder.DropState(key.resource, key.namespace)
}

// permissions remembers what the server said one may do in each namespace.
type permissions struct {
	mu      sync.Mutex
	reviews map[string]review
}

// review is an answer of the server.
type review struct {
	rules []authorizationv1.ResourceRule // nil if the server would not say
	known bool                           // the rules are all there are
	until time.Time
	woken <-chan struct{} // closed when the user wants everything tried again
}

func (r review) fresh() bool {
	select {
	case <-r.woken:
		return false
	default:
		return r.woken != nil && time.Now().Before(r.until)
	}
}

// mayList reports whether it is worth trying to list a resource in a namespace.
// Where the server does not say everything (an authorizer other than RBAC may
// not be able to), it is.
func (p *permissions) mayList(ctx context.Context, s *Source, r kube.Resource, namespace string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	answer := p.reviews[namespace]
	if !answer.fresh() {
		answer = ask(ctx, s, namespace)
		if p.reviews == nil {
			p.reviews = map[string]review{}
		}
		p.reviews[namespace] = answer
	}
	return !answer.known || slices.ContainsFunc(answer.rules, func(rule authorizationv1.ResourceRule) bool {
		return len(rule.ResourceNames) == 0 && covers(rule.Verbs, "list") &&
			covers(rule.APIGroups, r.Group) && covers(rule.Resources, r.Plural)
	})
}

// ask asks the server what one may do in a namespace.
func ask(ctx context.Context, s *Source, namespace string) review {
	ctx, cancel := s.within(ctx, answerTime)
	defer cancel()
	answer := review{until: time.Now().Add(reviewAge), woken: s.woken()}
	question := &authorizationv1.SelfSubjectRulesReview{
		Spec: authorizationv1.SelfSubjectRulesReviewSpec{Namespace: namespace},
	}
	err := s.client.review(ctx, authorizationv1.SchemeGroupVersion, "selfsubjectrulesreviews", question)
	if err != nil {
		return answer
	}
	answer.rules, answer.known = question.Status.ResourceRules, !question.Status.Incomplete
	return answer
}

func covers(list []string, value string) bool {
	return slices.Contains(list, "*") || slices.Contains(list, value)
}
