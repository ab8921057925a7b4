package podproto

import (
	"fmt"
	"sync"
	"weak"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Decoder decodes pods. It remembers what pods have in common and may be used by
// several goroutines.
type Decoder struct {
	mu         sync.Mutex
	specs      map[hash]weak.Pointer[corev1.PodSpec]
	containers map[hash]*heldContainer
	texts      map[string]string
	pairs      map[string]map[string]string       // labels and annotations by their encoding
	owners     map[string][]metav1.OwnerReference // by their encoding
	checked    map[hash]bool                      // encoded pod specs that can be decoded
	parts      parts
	spare      []byte // for what is being looked up
}

// most is how many texts, maps, owners, parts and checks are remembered. What is forgotten is
// held twice at the worst.
const most = 1 << 16

// NewDecoder returns a Decoder that remembers nothing yet.
func NewDecoder() *Decoder {
	d := &Decoder{specs: map[hash]weak.Pointer[corev1.PodSpec]{}, containers: map[hash]*heldContainer{}}
	d.forget()
	return d
}

func (d *Decoder) forget() {
	d.texts, d.pairs, d.owners = map[string]string{}, map[string]map[string]string{}, map[string][]metav1.OwnerReference{}
	d.checked, d.parts = map[hash]bool{}, newParts()
}

// bound forgets everything when it is too much.
func (d *Decoder) bound() {
	if len(d.texts)+len(d.pairs)+len(d.owners)+len(d.checked)+d.parts.len() > most {
		d.forget()
	}
}

// Pod decodes a v1 Pod. The result has nothing of the message's memory. Its
// labels, annotations, owners and spec are shared with other pods and must not
// be changed. Fields that a view does not keep are left out.
func (d *Decoder) Pod(message []byte) (*kube.PodOfSpec, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.bound()
	pod := &kube.PodOfSpec{Pod: &corev1.Pod{}}
	var spec []byte
	err := walk(message, func(f field) (err error) {
		switch f.number {
		case 1:
			err = d.metadata(f.bytes, &pod.ObjectMeta)
		case 2:
			spec = f.bytes
		case 3:
			err = d.status(f.bytes, &pod.Status)
		}
		return err
	})
	if err == nil {
		pod.Shared, pod.Spec.NodeName, err = d.spec(spec)
	}
	if err != nil {
		return nil, fmt.Errorf("decoding pod %s/%s: %w", pod.Namespace, pod.Name, err)
	}
	return pod, nil
}

// text returns the one copy of a text that many pods have.
func (d *Decoder) text(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if held, ok := d.texts[string(b)]; ok {
		return held
	}
	t := string(b)
	d.texts[t] = t
	return t
}

// one returns the one copy of a text that is decoded already.
func (d *Decoder) one(text string) string {
	if held, ok := d.texts[text]; ok {
		return held
	}
	d.texts[text] = text
	return text
}
