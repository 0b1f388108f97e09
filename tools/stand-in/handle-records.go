package main

import (
	"maps"
	"slices"
)

func (d *database) insert(_ *client, data string) (answer, error) {
	items, err := parseObjects(data)
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		at := address{item.text("col"), item.text("doc"), item.integer("ts")}
		d.put(at, item.text("data"))
		if d.journal != nil {
			d.unsaved[at] = struct{}{}
		}
	}
	return nil, nil
}

// queryLatest answers with the newest record of each document, up to a time.
func (d *database) queryLatest(_ *client, data string) (answer, error) {
	query, err := parseObject(data)
	if err != nil || query.integer("ts") <= 0 || query.text("col") == "" {
		return nil, errMalformed
	}
	records := map[string]record{}
	if c := d.collections[query.text("col")]; c != nil {
		selected := selects(query.text("where"), query.text("filter"))
		for _, doc := range c.matching(query.text("doc")) {
			found, exists := c.latest(doc, query.integer("ts"))
			if exists && (query.integer("from") == 0 || found.TS >= query.integer("from")) && selected(found.Data) {
				records[doc] = found
			}
		}
	}
	return answer{"records": records}, nil
}

// matching returns the documents that a query names: one, those of an expression, or all.
func (c *collection) matching(doc string) []string {
	expression, isPattern := parsePattern(doc)
	if doc != "" && !isPattern {
		return []string{doc}
	}
	documents := slices.Collect(maps.Keys(c.documents))
	if isPattern {
		documents = slices.DeleteFunc(documents, func(name string) bool { return !expression.MatchString(name) })
	}
	return documents
}

// queryDocument answers with the records of one document in a range of time.
func (d *database) queryDocument(_ *client, data string) (answer, error) {
	query, err := parseObject(data)
	from, to := query.integer("from"), query.integer("to")
	if err != nil || to <= 0 || from > to || query.text("doc") == "" || query.text("col") == "" {
		return nil, errMalformed
	}
	records := []record{}
	if c := d.collections[query.text("col")]; c != nil {
		selected := selects(query.text("where"), query.text("filter"))
		for _, found := range c.between(query.text("doc"), from, to) {
			if selected(found.Data) {
				records = append(records, found)
			}
		}
	}
	if query.truth("reverse") {
		slices.Reverse(records)
	}
	if limit := query.integer("limit"); limit > 0 && int64(len(records)) > limit {
		records = records[:limit]
	}
	return answer{"records": records}, nil
}

func (d *database) listCollections(*client, string) (answer, error) {
	names := slices.AppendSeq([]string{}, maps.Keys(d.collections))
	slices.Sort(names)
	return answer{"collections": names}, nil
}
