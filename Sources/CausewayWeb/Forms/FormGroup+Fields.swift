import CausewayModel

extension FormGroup {
    /// The fields of a record that have their place in the group, in the order of their table.
    ///
    /// - Parameters:
    ///   - further: fields that are in no table, by the name of the field that each follows.
    ///   - source: the objects that the reference of a name can select.
    init<Record: FieldRecord>(
        _ key: String,
        of record: Record.Type,
        isFolded: Bool = false,
        adding further: KeyValuePairs<String, FormField> = [:],
        source: (_ field: String, FieldKind) -> ObjectSource? = { _, _ in nil }
    ) {
        var fields: [FormField] = []
        var followers: [(key: String, value: FormField)] = []
        for field in Record.fields {
            guard let place = field.form, place.group == key,
                let shown = FormField(field, at: place, source(field.name, field.kind))
            else { continue }
            if let predecessor = place.predecessor {
                followers.append((predecessor, shown))
            } else {
                fields.append(shown)
            }
        }
        // The fields that follow another are in the group that has the other.
        for (predecessor, field) in followers + further {
            guard let place = fields.firstIndex(where: { $0.name == predecessor }) else { continue }
            fields.insert(field, at: place + 1)
        }
        self.init(key: key, isFolded: isFolded, fields: fields)
    }
}
