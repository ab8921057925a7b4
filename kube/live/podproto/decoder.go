package podproto

import (
	"fmt"
	"hash/maphash"
	"maps"
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
	templates  map[hash]weak.Pointer[corev1.PodSpec] // of objects that are held, by the encoding of all
	containers map[hash]*heldContainer
	texts      map[string]string
	pairs      map[string]map[string]string // labels and annotations by their encoding
	maps       map[uint64]map[string]string // and by their content
	seed       maphash.Seed
	owners     map[string][]metav1.OwnerReference // by their encoding
	checked    map[hash]bool                      // encoded pod specs that can be decoded
	parts      parts
	spare      []byte // for what is being looked up
	rest       []byte // the same of a container
	mounts     []byte
	conditions []corev1.PodCondition
}

// most is how many texts, maps, parts and checks are remembered. What is forgotten
// is held twice at the worst.
const most = 1 << 16

// recent is how many encoded maps and owners are remembered: those of one workload
// come together.
const recent = 1 << 11

// NewDecoder returns a Decoder that remembers nothing yet.
func NewDecoder() *Decoder {
	return &Decoder{
		specs: map[hash]weak.Pointer[corev1.PodSpec]{}, templates: map[hash]weak.Pointer[corev1.PodSpec]{}, containers: map[hash]*heldContainer{},
		texts: map[string]string{}, pairs: map[string]map[string]string{}, maps: map[uint64]map[string]string{}, seed: maphash.MakeSeed(),
		owners: map[string][]metav1.OwnerReference{}, checked: map[hash]bool{}, parts: newParts(),
	}
}

// bound forgets what is too much.
func (d *Decoder) bound() {
	if len(d.pairs) > recent {
		clear(d.pairs)
	}
	if len(d.owners) > recent {
		clear(d.owners)
	}
	if len(d.texts)+len(d.maps)+len(d.checked)+d.parts.len() > most {
		d.texts, d.maps, d.checked, d.parts = map[string]string{}, map[uint64]map[string]string{}, map[hash]bool{}, newParts()
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

// same returns the one map of a content, nil if it is empty.
func (d *Decoder) same(m map[string]string) map[string]string {
	if len(m) == 0 {
		return nil
	}
	content := uint64(len(m))
	for key, value := range m {
		// A sum, because a map has no order.
		content += maphash.String(d.seed, key)*31 + maphash.String(d.seed, value)
	}
	if held := d.maps[content]; maps.Equal(held, m) {
		return held
	}
	d.maps[content] = m
	return m
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
