import CausewayAPI

/// A row of a list, as the API returns it.
protocol ListRow: Decodable, Sendable {
    /// What identifies rows in addresses.
    var id: String { get }
}

/// A list of objects: the source of its rows, and its columns.
struct ListDefinition<Row: ListRow>: Sendable {
    /// A column.
    struct Column: Sendable {
        /// The content of the column's cells.
        enum Value: Sendable {
            case text(@Sendable (Row) -> String?)
            /// What the API says in words.
            case message(@Sendable (Row) -> Message)
            /// The name of the row, as a link to its page.
            case name(@Sendable (Row) -> String?)
            /// The same, with texts of a catalog for values of the API.
            case nameWord(@Sendable (Row) -> String, catalog: String)
            case code(@Sendable (Row) -> String?)
            case flag(@Sendable (Row) -> Bool)
            case time(@Sendable (Row) -> String?)
            /// Texts of a catalog for values of the API.
            case word(@Sendable (Row) -> String?, catalog: String)
        }

        /// The key of its title below the list's `columns`.
        let key: String
        let value: Value
        /// The API's field for sorting; nil if it cannot sort.
        let ordering: String?

        init(_ key: String, _ value: Value, ordering: String? = nil) {
            (self.key, self.value, self.ordering) = (key, value, ordering)
        }
    }

    /// A filter of the list.
    struct Filter: Sendable {
        /// The API's parameter, and the key of its texts below the list's `filters`.
        let name: String
        let values: [String]
    }

    /// A filter that is on until it is turned off: a link turns it off and on.
    struct StandardFilter: Sendable {
        /// The API's parameter, and the key of its texts below the list's `standard_filters`.
        let name: String
        /// The value that the API gets while it is on.
        let value: String

        /// The value in the address while it is off.
        static var off: String { "off" }
    }

    /// Its section of the catalog, and its place in the navigation.
    let key: String
    /// The address that contains its rows.
    let address: Address
    /// The API's address, with parameters that are always sent: `/core/users/?include_groups=false`.
    let source: String
    let columns: [Column]
    var filters: [Filter] = []
    var standardFilter: StandardFilter?
    var isSearchable = true
    /// Whether new objects can be created here, and by whom.
    var creation: ListCreation = .administrator

    /// Other ways to add objects, by their keys below the list's, with their addresses.
    var ways: [(key: String, address: Address)] = []

    /// Other views of the same objects, by their keys below the list's `views`, with their addresses.
    var views: [(key: String, address: Address)] = []

    /// Adds what the source does not contain.
    var completed: (@Sendable ([Row], APIClient) async throws -> [Row])?

    /// Actions on several objects at once, for administrators, by the list's key.
    var bulk: [String] = []
    /// A file with the whole list, below the API.
    var export: String?
}

/// Who can create objects of a list.
enum ListCreation: Sendable { case nobody, administrator }
