package main

func (d *database) handleDeleteDocument(_ *client, data string) (answer, error) {
	query, err := parseObject(data)
	if err != nil || query.text("doc") == "" {
		return nil, errMalformed
	}
	d.deleteDocument(query.text("col"), query.text("doc"))
	d.persist(entry{Op: opDeleteDocument, Col: query.text("col"), Doc: query.text("doc")})
	return nil, nil
}

func (d *database) handleDeleteCollection(_ *client, data string) (answer, error) {
	query, err := parseObject(data)
	if err != nil || query.text("col") == "" {
		return nil, errMalformed
	}
	delete(d.collections, query.text("col"))
	d.persist(entry{Op: opDeleteCollection, Col: query.text("col")})
	return nil, nil
}

func (d *database) handleDeleteRecord(_ *client, data string) (answer, error) {
	query, err := parseObject(data)
	if err != nil || !namesRecord(query) {
		return nil, errMalformed
	}
	d.deleteAndPersist(query, query.integer("ts"), query.integer("ts"))
	return nil, nil
}

// handleDeleteRecords deletes all of a list, or none if one of them is malformed.
func (d *database) handleDeleteRecords(_ *client, data string) (answer, error) {
	queries, err := parseObjects(data)
	if err != nil {
		return nil, err
	}
	for _, query := range queries {
		if !namesRecord(query) {
			return nil, errMalformed
		}
	}
	for _, query := range queries {
		d.deleteAndPersist(query, query.integer("ts"), query.integer("ts"))
	}
	return nil, nil
}

func (d *database) handleDeleteRange(_ *client, data string) (answer, error) {
	query, err := parseObject(data)
	from, to := query.integer("fromTs"), query.integer("toTs")
	if err != nil || query.text("doc") == "" || query.text("col") == "" || from <= 0 || to < from {
		return nil, errMalformed
	}
	d.deleteAndPersist(query, from, to)
	return nil, nil
}

func namesRecord(query fields) bool {
	return query.text("doc") != "" && query.text("col") != "" && query.integer("ts") > 0
}

func (d *database) deleteAndPersist(query fields, from, to int64) {
	d.deleteRange(query.text("col"), query.text("doc"), from, to)
	d.persist(entry{Op: opDeleteRange, Col: query.text("col"), Doc: query.text("doc"), From: from, To: to})
}
