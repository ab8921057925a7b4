package reach_test

import (
	"context"
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit/access/reach"
)

// A web server's account may create bindings, by one of two grants, and bind any
// role, by a third. A backup job's account reads all secrets.
func Example() {
	const (
		web reach.Vertex = iota
		backup
		administrator
		vertices
	)
	const (
		createA reach.Label = iota
		createB
		bind
		readSecrets
		labels
	)
	b := reach.NewBuilder(int(vertices), int(labels))
	b.Add(web, administrator, 1, b.ByAll([]reach.Label{createA, createB}, []reach.Label{bind}))
	b.Add(backup, administrator, 2, b.By(readSecrets))
	b.Add(web, backup, 0, reach.Always)
	g, err := b.Build()
	if err != nil {
		fmt.Println(err)
		return
	}

	ctx, sources := context.Background(), []reach.Vertex{web, backup}
	d, err := g.Towards(ctx, []reach.Vertex{administrator})
	if err != nil {
		fmt.Println(err)
		return
	}
	cost, _ := d.Cost(web)
	fmt.Println("web is", cost, "away")

	w := d.WhatIf(sources)
	fmt.Println("without readSecrets still open:", w.Still(readSecrets))
	fmt.Println("without createA and readSecrets:", w.Still(createA, readSecrets))

	cut, err := d.MinCut(ctx, sources, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("take away", cut.Labels, "minimal:", cut.Minimal())
	// Output:
	// web is 1 away
	// without readSecrets still open: [0]
	// without createA and readSecrets: [0]
	// take away [2 3] minimal: true
}
