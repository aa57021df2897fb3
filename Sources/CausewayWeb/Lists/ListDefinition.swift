import CausewayAPI
import CausewayJSON

/// A list of objects: where its rows come from, and what is shown of them.
struct ListDefinition: Sendable {
    /// A column.
    struct Column: Sendable {
        enum Kind: Sendable {
            case text
            /// The name of the row, which leads to its page.
            case name
            /// The same, in words of a catalogue for words of the API.
            case nameWord(String)
            case code
            case flag
            case time
            /// Words of a catalogue for words of the API.
            case word(String)
            /// The names of several objects.
            case names
        }

        /// The key of its title below the list's `columns`.
        let key: String
        /// Where its value is in a row: `provider_obj.name`.
        let field: String
        let kind: Kind
        /// By what the API sorts it; nil where it cannot.
        let ordering: String?

        init(_ key: String, _ field: String? = nil, _ kind: Kind = .text, ordering: String? = nil) {
            (self.key, self.field, self.kind, self.ordering) = (key, field ?? key, kind, ordering)
        }
    }

    /// A choice that narrows the list.
    struct Filter: Sendable {
        /// The API's parameter, and the key of its words below the list's `filters`.
        let name: String
        let values: [String]
    }

    /// Its section of the catalogue, and its place in the navigation.
    let key: String
    /// What the addresses of its rows begin with: `/if/admin/users/`.
    let address: String
    /// Where the API has it, with what is always asked for: `/core/users/?include_groups=false`.
    let source: String
    let columns: [Column]
    var filters: [Filter] = []
    var isSearchable = true
    /// What tells rows apart in addresses.
    var id = "pk"
    /// Whether new ones can be made here, and by whom.
    var creation: Creation = .administrator

    /// Other ways to fill the list, by their keys below it and where they are.
    var ways: [(key: String, address: String)] = []

    /// Gives rows what their source does not say.
    var completed: (@Sendable ([JSONValue], APIClient) async throws -> [JSONValue])?

    /// What can be done with several at once, by administrators: actions on objects of the list's key.
    var bulk: [String] = []
    /// A file with all of it, below the API.
    var export: String?

    enum Creation: Sendable { case nobody, administrator }
}
