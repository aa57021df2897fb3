import CausewayJSON

/// How a list shows the ends of links: as objects, perhaps of one type only, or as references to them (Graph, "List members" of
/// administrative units; OData 4.01, URL Conventions, "Addressing References between Entities").
enum LinkForm: Equatable {
    case objects(of: EntryKind?)
    case references

    static let referenceName = "$ref"

    /// What follows the relation in the address.
    var suffix: String {
        switch self {
        case .objects(let cast): cast.map { "/\($0.typeName)" } ?? ""
        case .references: "/\(Self.referenceName)"
        }
    }

    /// The answer's `@odata.context` after the metadata address.
    var context: String {
        switch self {
        case .objects(let cast): cast?.collection ?? "directoryObjects"
        case .references: "Collection($ref)"
        }
    }

    var cast: EntryKind? { if case .objects(let cast) = self { cast } else { nil } }
}

extension DirectoryEntry {
    /// The address with which others refer to it.
    func reference(_ base: String) -> JSONValue { .string("\(base)/directoryObjects/\(id)") }
}

extension QueryOptions {
    /// - Throws: if properties of references are requested, which have none.
    func requireNoSelection() throws(GraphProblem) {
        guard selection == nil else { throw .malformed("The query parameter '$select' is not supported.") }
    }
}
