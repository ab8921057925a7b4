package kube

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// mentionsIn has every word of a namespace that may be the name of an object and
// that a program is told: in its arguments, its environment, its annotations,
// and those of Services and Ingresses. Controllers are told so what to read
// through the API: --configmap=ingress/controller, auth-secret: basic-auth. And it
// has the names of workloads that operators make: alertmanager-main is the Secret
// of the StatefulSet alertmanager-main, and only its operator knows.
var mentionsIn = DeriveFor(func(c *Cluster, namespace string) names {
	m := names{}
	for _, w := range c.WorkloadsIn(namespace) {
		if !w.Controller.IsZero() { // operators call what they read as they call what they make
			m.add(w.Ref.Name)
			m.add(w.Controller.Name)
		}
		m.annotations(w.Annotations)
		m.annotations(w.Pod.Annotations)
		for container := range w.Containers() {
			m.container(container.Container)
		}
	}
	for _, s := range c.Services.In(namespace) {
		m.annotations(s.Annotations)
	}
	for _, i := range c.Ingresses.In(namespace) {
		m.annotations(i.Annotations)
	}
	return m
})

func (n names) annotations(annotations map[string]string) {
	for _, value := range annotations {
		n.words(value)
	}
}

func (n names) container(c *corev1.Container) {
	for _, texts := range [...][]string{c.Command, c.Args} {
		for _, text := range texts {
			n.words(text)
		}
	}
	for i := range c.Env {
		n.words(c.Env[i].Value)
	}
}

// words adds the parts of a text that may be names: letters in lower case,
// digits, dashes and dots.
func (n names) words(text string) {
	isName := func(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '.' }
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !isName(r) }) {
		n.add(strings.Trim(word, "-."))
	}
}
