package live

import (
	"context"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	metricsv1 "k8s.io/metrics/pkg/apis/metrics/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// readUsage lists the usage of pods or nodes, as metrics.k8s.io/v1 where that is
// served, and else as v1beta1, which says the same in the same fields.
func (f *feed) readUsage(ctx context.Context) ([]kube.Object, error) {
	if f.resource == kube.NodeMetrics {
		return f.nodeUsage(ctx)
	}
	return f.podUsage(ctx)
}

func (f *feed) nodeUsage(ctx context.Context) ([]kube.Object, error) {
	var rows []kube.Object
	add := func(m *metav1.ObjectMeta, at metav1.Time, window metav1.Duration, usage corev1.ResourceList) {
		row := sample(m, at, window)
		row.Containers[""] = usage
		rows = append(rows, row)
	}
	list, err := f.source.client.metrics.MetricsV1().NodeMetricses().List(ctx, metav1.ListOptions{})
	if err == nil {
		for i := range list.Items {
			o := &list.Items[i]
			add(&o.ObjectMeta, o.Timestamp, o.Window, o.Usage)
		}
		return rows, nil
	}
	if !apierrors.IsNotFound(err) {
		return nil, err
	}
	older, err := f.source.client.metrics.MetricsV1beta1().NodeMetricses().List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, err
	}
	for i := range older.Items {
		o := &older.Items[i]
		add(&o.ObjectMeta, o.Timestamp, o.Window, o.Usage)
	}
	return rows, nil
}

func (f *feed) podUsage(ctx context.Context) ([]kube.Object, error) {
	var rows []kube.Object
	add := func(m *metav1.ObjectMeta, at metav1.Time, window metav1.Duration, containers []metricsv1.ContainerMetrics) {
		row := sample(m, at, window)
		for _, c := range containers {
			row.Containers[c.Name] = c.Usage
		}
		rows = append(rows, row)
	}
	list, err := f.source.client.metrics.MetricsV1().PodMetricses(f.namespace).List(ctx, metav1.ListOptions{})
	if err == nil {
		for i := range list.Items {
			o := &list.Items[i]
			add(&o.ObjectMeta, o.Timestamp, o.Window, o.Containers)
		}
		return rows, nil
	}
	if !apierrors.IsNotFound(err) {
		return nil, err
	}
	older, err := f.source.client.metrics.MetricsV1beta1().PodMetricses(f.namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, err
	}
	for i := range older.Items {
		o := &older.Items[i]
		containers := make([]metricsv1.ContainerMetrics, len(o.Containers))
		for j, c := range o.Containers {
			containers[j] = metricsv1.ContainerMetrics(c)
		}
		add(&o.ObjectMeta, o.Timestamp, o.Window, containers)
	}
	return rows, nil
}

func sample(m *metav1.ObjectMeta, at metav1.Time, window metav1.Duration) *kube.Usage {
	return &kube.Usage{
		Namespace: m.Namespace, Name: m.Name, Time: at.Time, Window: time.Duration(window.Nanoseconds()),
		Containers: map[string]corev1.ResourceList{},
	}
}
