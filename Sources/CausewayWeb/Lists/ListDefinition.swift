import CausewayAPI

/// A row of a list, as the API gives it.
protocol ListRow: Decodable, Sendable {
    /// What tells rows apart in addresses.
    var id: String { get }
}

/// A list of objects: where its rows come from, and what is shown of them.
struct ListDefinition<Row: ListRow>: Sendable {
    /// A column.
    struct Column: Sendable {
        /// What a row has in the column.
        enum Value: Sendable {
            case text(@Sendable (Row) -> String?)
            /// The name of the row, which leads to its page.
            case name(@Sendable (Row) -> String?)
            /// The same, in words of a catalogue for words of the API.
            case nameWord(@Sendable (Row) -> String, catalogue: String)
            case code(@Sendable (Row) -> String?)
            case flag(@Sendable (Row) -> Bool)
            case time(@Sendable (Row) -> String?)
            /// Words of a catalogue for words of the API.
            case word(@Sendable (Row) -> String?, catalogue: String)
        }

        /// The key of its title below the list's `columns`.
        let key: String
        let value: Value
        /// By what the API sorts it; nil where it cannot.
        let ordering: String?

        init(_ key: String, _ value: Value, ordering: String? = nil) {
            (self.key, self.value, self.ordering) = (key, value, ordering)
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
    /// What the addresses of its rows are below.
    let address: Address
    /// Where the API has it, with what is always asked for: `/core/users/?include_groups=false`.
    let source: String
    let columns: [Column]
    var filters: [Filter] = []
    var isSearchable = true
    /// Whether new ones can be made here, and by whom.
    var creation: ListCreation = .administrator

    /// Other ways to fill the list, by their keys below it and where they are.
    var ways: [(key: String, address: Address)] = []

    /// Gives rows what their source does not say.
    var completed: (@Sendable ([Row], APIClient) async throws -> [Row])?

    /// What can be done with several at once, by administrators: actions on objects of the list's key.
    var bulk: [String] = []
    /// A file with all of it, below the API.
    var export: String?
}

/// Who can make new objects of a list.
enum ListCreation: Sendable { case nobody, administrator }
