package manifest

// autoscalerV1 brings autoscaling/v1, which knew only the CPU, into the shape
// of v2.
func autoscalerV1(object map[string]any) {
	spec := inside(object, "spec")
	target, ok := spec["targetCPUUtilizationPercentage"]
	if !ok || spec["metrics"] != nil {
		return
	}
	spec["metrics"] = []any{map[string]any{
		"type": "Resource",
		"resource": map[string]any{
			"name":   "cpu",
			"target": map[string]any{"type": "Utilization", "averageUtilization": target},
		},
	}}
}

// autoscalerV2beta1 gives the metrics of autoscaling/v2beta1, which named their
// targets by one field each, a metric and a target of their own. The fields of
// both versions: k8s.io/api/autoscaling/v2beta1 and v2, MetricSpec.
func autoscalerV2beta1(object map[string]any) {
	for _, metric := range list(inside(object, "spec"), "metrics") {
		for source, names := range map[string]struct{ name, selector string }{
			"resource":          {"", ""},
			"containerResource": {"", ""},
			"pods":              {"metricName", "selector"},
			"object":            {"metricName", "selector"},
			"external":          {"metricName", "metricSelector"},
		} {
			if of := inside(metric, source); of != nil {
				metricV2beta1(of, source, names.name, names.selector)
			}
		}
	}
}

func metricV2beta1(of map[string]any, source, name, selector string) {
	if source == "object" {
		of["describedObject"] = of["target"]
	}
	if name != "" {
		identifier := map[string]any{"name": of[name]}
		if of[selector] != nil {
			identifier["selector"] = of[selector]
		}
		of["metric"] = identifier
	}
	target := map[string]any{}
	for _, t := range []struct{ from, kind, to string }{
		{"targetAverageUtilization", "Utilization", "averageUtilization"},
		{"targetAverageValue", "AverageValue", "averageValue"},
		{"averageValue", "AverageValue", "averageValue"},
		{"targetValue", "Value", "value"},
	} {
		if value, ok := of[t.from]; ok && target["type"] == nil {
			target["type"], target[t.to] = t.kind, value
		}
	}
	of["target"] = target
}
