package score

import (
	"cmp"
	"math"
	"slices"
)

// price splits the points that the namespace lost among its findings, in whole
// hundredths that add up exactly.
func (n *Namespace) price(a account, parts []part) {
	shares := make([]float64, len(n.Findings))
	lostBefore := 100 - a.raw
	losses, _ := n.ledger.losses(a.sums)
	total := 0.0
	for _, id := range n.ledger.categories {
		total += losses[id]
	}
	held := 0
	for _, p := range parts {
		if p.entry.failing > 0 && p.entry.severity == a.capped {
			held += int(p.open)
		}
	}
	for _, p := range parts {
		if p.open == 0 || p.entry.failing == 0 {
			continue
		}
		share := 0.0
		if sum := a.sums[p.entry.category]; sum > 0 && total > 0 {
			lost := cost(p.entry.check, p.entry.tally, p.entry.failing)
			share = lostBefore * losses[p.entry.category] / total * lost / sum / float64(p.entry.failing) / float64(p.open)
		}
		if p.entry.severity == a.capped {
			share += (a.raw - a.score) / float64(held)
		}
		for i := p.from; i < p.to; i++ {
			if n.Findings[i].Open() {
				shares[i] = share
			}
		}
	}
	for i, hundredths := range apportion(shares, int(math.Round(100*(100-n.Score)))) {
		n.Findings[i].Points = float64(hundredths) / 100
	}
}

// apportion rounds shares to whole numbers that add up to total, by the method
// of the largest remainder; ties go to the earlier share.
func apportion(shares []float64, total int) []int {
	sum := 0.0
	for _, s := range shares {
		sum += s
	}
	parts := make([]int, len(shares))
	if sum == 0 {
		return parts
	}
	order := make([]int, 0, len(shares))
	remainders := make([]float64, len(shares))
	left := total
	for i, s := range shares {
		exact := s / sum * float64(total)
		parts[i] = int(exact)
		remainders[i] = exact - float64(parts[i])
		left -= parts[i]
		if s > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(remainders[y], remainders[x]) })
	for i := 0; left > 0; i = (i + 1) % len(order) {
		parts[order[i]]++
		left--
	}
	return parts
}
