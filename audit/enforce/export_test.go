package enforce

import (
	"github.com/seaworthy-dev/seaworthy/audit/cel"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Asked is what a policy says of an object as a server has it, decoded without types.
func (e *Export) Asked(r kube.Resource, object map[string]any) (refused, unknown string, err error) {
	p, err := e.compiled()
	if err != nil {
		return "", "", err
	}
	metadata, _ := object["metadata"].(map[string]any)
	namespace, _ := metadata["namespace"].(string)
	name, _ := metadata["name"].(string)
	v := p.judge(&cel.Input{Object: cel.Value{Of: object}, Request: cel.Creation(r, namespace, name)})
	return v.refused, v.unknown, nil
}
