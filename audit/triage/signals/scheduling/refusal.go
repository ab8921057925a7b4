package scheduling

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// refusalKeys returns who refused.
func refusalKeys(p *triage.Pass, what message.Refusal) []triage.Key {
	of := func(kind triage.KeyKind, name string) []triage.Key {
		if what.Name == "" {
			return nil
		}
		return []triage.Key{{Kind: kind, Name: name}}
	}
	switch what.Kind {
	case message.QuotaExceeded, message.QuotaUnspecified, message.QuotaUnknown:
		return of(triage.ByQuota, p.Namespace+"/"+what.Name)
	case message.LimitRangeExceeded:
		ranges := p.Cluster.LimitRanges.In(p.Namespace)
		if len(ranges) != 1 {
			return nil // the message does not say which
		}
		return []triage.Key{{Kind: triage.ByQuota, Name: p.Namespace + "/" + ranges[0].Name}}
	case message.PodSecurity:
		return []triage.Key{{Kind: triage.ByPolicy, Name: "pod-security " + p.Namespace}}
	case message.PolicyDenied:
		return of(triage.ByPolicy, what.Name)
	case message.ServiceAccountMissing:
		return of(triage.ByAccount, p.Namespace+"/"+what.Name)
	case message.WebhookDenied:
		return of(triage.ByWebhook, webhookKey(p.Cluster, what.Name))
	case message.WebhookFailed:
		name := cmp.Or(what.Webhook.Name, what.Name)
		if name == "" {
			return nil
		}
		keys := []triage.Key{{Kind: triage.ByWebhook, Name: webhookKey(p.Cluster, name)}}
		if what.Webhook.Service != "" && what.Webhook.Namespace != "" {
			keys = append(keys, triage.Key{Kind: triage.ByService, Name: what.Webhook.Namespace + "/" + what.Webhook.Service})
		}
		return keys
	default:
		return nil
	}
}

// webhookKey names a webhook with its configuration, as far as one of the view has it.
func webhookKey(c *kube.Cluster, name string) string {
	for v := range c.ValidatingWebhookConfigurations.All() {
		for i := range v.Webhooks {
			if v.Webhooks[i].Name == name {
				return v.Name + "/" + name
			}
		}
	}
	for m := range c.MutatingWebhookConfigurations.All() {
		for i := range m.Webhooks {
			if m.Webhooks[i].Name == name {
				return m.Name + "/" + name
			}
		}
	}
	return name
}

// refusalLine says who refused, and what.
func refusalLine(what message.Refusal) string {
	line := "pods are not created: "
	switch what.Kind {
	case message.QuotaExceeded:
		var parts []string
		for _, r := range slices.Sorted(maps.Keys(what.Requested)) {
			parts = append(parts, r+" "+what.Requested[r]+" more than "+what.Used[r]+" of "+what.Limited[r])
		}
		return line + "quota " + what.Name + " is exceeded" + prefixed(": ", join(parts))
	case message.QuotaUnspecified:
		return line + "quota " + what.Name + " asks for " + join(slices.Sorted(maps.Keys(what.Missing)))
	case message.LimitRangeExceeded:
		return line + "a LimitRange does not allow their " + cmp.Or(what.Name, "resources")
	case message.WebhookFailed:
		return line + "webhook " + cmp.Or(what.Webhook.Name, what.Name) + " does not answer" + callLine(what.Webhook)
	default:
		if what.Kind.OfServer() {
			return line + "the API server does not manage"
		}
		said, known := refusalWords()[what.Kind]
		if !known {
			return line + "the API server refuses"
		}
		return line + strings.TrimSpace(strings.ReplaceAll(said, "NAME", what.Name))
	}
}

// refusalWords says who refused, where NAME is all that varies.
func refusalWords() map[message.RefusalKind]string {
	return map[message.RefusalKind]string{
		message.QuotaUncovered:        "no quota covers them",
		message.QuotaUnknown:          "the state of quota NAME is not known yet",
		message.PodSecurity:           "they violate Pod Security NAME",
		message.ServiceAccountMissing: "ServiceAccount NAME does not exist",
		message.PriorityClassMissing:  "PriorityClass NAME does not exist",
		message.RuntimeClassMissing:   "RuntimeClass NAME does not exist",
		message.WebhookDenied:         "webhook NAME denies them",
		message.PolicyDenied:          "admission policy NAME denies them",
		message.NotPermitted:          "their controller may not",
		message.Invalid:               "they are not valid",
	}
}

func callLine(w message.WebhookFailure) string {
	switch w.Cause {
	case message.NoEndpoints:
		return ": no pod of Service " + w.Namespace + "/" + w.Service + " is ready"
	case message.ServiceMissing:
		return ": its Service" + named(w.Service) + " does not exist"
	case message.Refused:
		return ": nothing listens"
	case message.TimedOut:
		return " in time"
	case message.Unreachable:
		return ": it cannot be reached"
	case message.NameUnknown:
		return ": its name is unknown"
	case message.Certificate:
		return ": its certificate is not trusted"
	case message.Handshake:
		return ": TLS fails"
	default:
		return ""
	}
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}
