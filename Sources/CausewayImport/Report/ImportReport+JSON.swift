package import CausewayJSON
import CausewayModel

// The form of the API and of the command line with --json.

extension ImportedFile {
    /// - Parameter name: the name of the file.
    package func json(named name: String) -> JSONValue {
        let columns = columns.map(\.json)
        return ["file": .string(name), "format": .string(format), "note": .string(note), "columns": .array(columns)]
    }
}

extension ImportColumn {
    package var json: JSONValue {
        [
            "header": .string(header), "target": .string(target), "note": .string(note), "is_chosen": .bool(isChosen),
        ]
    }
}

extension ImportChange {
    /// - Parameter isPreview: whether it is rolled back; a new user has no key then.
    package func json(isPreview: Bool) -> JSONValue {
        let isGone = isPreview && change == .created
        return [
            "line": .integer(Int64(line)), "change": .string(change.rawValue),
            "user": isGone ? .null : .integer(user.rawValue), "username": .string(username),
            "former_username": .string(formerUsername ?? ""), "fields": JSONValue(fields),
        ]
    }
}

extension ImportSample {
    package var json: JSONValue {
        [
            "line": .integer(Int64(line)), "change": .string(change.rawValue), "username": .string(profile.username),
            "name": .string(profile.name), "email": .string(profile.email), "is_active": .bool(profile.isActive),
            "type": .string(profile.type.rawValue), "path": .string(profile.path),
            "attributes": .object(profile.attributes), "groups": JSONValue(groups),
        ]
    }
}

extension ImportWarning {
    package var json: JSONValue {
        let lines = lines.map { line -> JSONValue in
            ["line": .integer(Int64(line.number)), "detail": .string(line.detail)]
        }
        return [
            "kind": .string(kind.rawValue), "message": .string(kind.sentence), "count": .integer(Int64(count)),
            "lines": .array(lines),
        ]
    }
}
