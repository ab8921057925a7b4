package prometheus

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Window is how far the queries look back: a week has every day of one. CPU is taken
// as an average of each step.
const (
	Window = 7 * 24 * time.Hour
	step   = 5 * time.Minute
)

// How much is asked for at once. A server holds all samples of a query in memory, by
// default 50 million at most (--query.max-samples), and a week has 2016 steps.
const (
	mostPods       = 2000
	mostNamespaces = 200
)

// query is what is asked of each container of each pod, and what becomes of it.
type query struct {
	text string
	take func(s *sums, value float64)
}

// queries returns what is asked about some namespaces. Of several series of one
// container, which there are where it is scraped twice or has been restarted, the
// highest counts.
func (c *Client) queries(namespaces []string) []query {
	of := strings.Join(append([]string{
		`container!=""`, `container!="POD"`, matcher("namespace", "=~", alternatives(namespaces)),
	}, c.matchers...), ", ")
	const by = "max by (namespace, pod, container) "
	week, steps := promTime(Window), promTime(Window)+":"+promTime(step)
	cpu := fmt.Sprintf("%s(rate(container_cpu_usage_seconds_total{%s}[%s]))", by, of, promTime(step))
	memory := fmt.Sprintf("%s(container_memory_working_set_bytes{%s})", by, of)
	return []query{
		{fmt.Sprintf("quantile_over_time(0.95, (%s)[%s])", cpu, steps), (*sums).cpuIs},
		{fmt.Sprintf("%s(max_over_time(container_memory_working_set_bytes{%s}[%s]))", by, of, week), (*sums).memoryIs},
		{fmt.Sprintf("count_over_time((%s)[%s])", memory, steps), (*sums).samplesAre},
		{fmt.Sprintf("min_over_time(timestamp(%s)[%s])", memory, steps), (*sums).seenAt},
		{fmt.Sprintf("max_over_time(timestamp(%s)[%s])", memory, steps), (*sums).seenAt},
		{fmt.Sprintf("%s(increase(container_oom_events_total{%s}[%s]))", by, of, week), (*sums).killsAre},
		{fmt.Sprintf("%s(max_over_time(kube_pod_container_status_last_terminated_reason{reason=\"OOMKilled\", %s}[%s]))", by, of, week), (*sums).killsAre},
	}
}

// matcher writes a condition on a label as PromQL has it.
func matcher(label, operator, value string) string { return label + operator + strconv.Quote(value) }

// alternatives is a regular expression for exactly these texts.
func alternatives(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = regexp.QuoteMeta(text)
	}
	return strings.Join(quoted, "|")
}

// promTime writes a duration of whole minutes as PromQL has it.
func promTime(d time.Duration) string { return fmt.Sprintf("%dm", d/time.Minute) }

// parts divides the namespaces of a view into those that are asked about at once.
func parts(c *kube.Cluster) [][]string {
	var all [][]string
	pods := 0
	for _, namespace := range c.NamespaceNames() {
		if len(c.WorkloadsIn(namespace)) == 0 {
			continue
		}
		n := max(len(c.Pods.In(namespace)), len(c.WorkloadsIn(namespace)))
		if last := len(all) - 1; last >= 0 && pods+n <= mostPods && len(all[last]) < mostNamespaces {
			all[last] = append(all[last], namespace)
			pods += n
			continue
		}
		all = append(all, []string{namespace})
		pods = n
	}
	return all
}
