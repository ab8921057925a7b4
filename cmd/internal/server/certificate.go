package server

import (
	"crypto/tls"
	"fmt"
	"os"
	"sync"
	"time"
)

// reloadAfter is how often the files of a certificate are looked at, at the most.
const reloadAfter = 10 * time.Second

// Certificate returns what shows the certificate of two PEM files, and the new one soon
// after they were written again, as cert-manager and kubelets do. While they cannot be
// read, log gets a line and the one from before is shown. The error is that of the first
// read.
func Certificate(file, key string, log func(string)) (func(*tls.ClientHelloInfo) (*tls.Certificate, error), error) {
	k := &keyPair{file: file, key: key, log: log}
	if err := k.read(); err != nil {
		return nil, err
	}
	return k.newest, nil
}

type keyPair struct {
	file, key string
	log       func(string)

	mu      sync.Mutex
	looked  time.Time // when the files were looked at
	written time.Time // when the newer of them had been written
	shown   *tls.Certificate
}

func (k *keyPair) newest(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if time.Since(k.looked) > reloadAfter {
		if err := k.read(); err != nil {
			k.log(err.Error() + "; the one from before is shown")
		}
	}
	return k.shown, nil
}

// read reads the files if they were written since.
func (k *keyPair) read() error {
	k.looked = time.Now()
	var written time.Time
	for _, name := range []string{k.file, k.key} {
		info, err := os.Stat(name)
		if err != nil {
			return fmt.Errorf("reading the certificate: %w", err)
		}
		if info.ModTime().After(written) {
			written = info.ModTime()
		}
	}
	if k.shown != nil && written.Equal(k.written) {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(k.file, k.key)
	if err != nil {
		return fmt.Errorf("reading the certificate %s and its key %s: %w", k.file, k.key, err)
	}
	k.shown, k.written = &pair, written
	return nil
}
