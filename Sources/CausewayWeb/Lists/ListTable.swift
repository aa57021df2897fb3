/// The content of the template `list-table`.
struct ListTable: TemplateValue {
    let key: String
    let address: String
    let caption: String
    let columns: [Column]
    let rows: [Row]
    let isEmpty: Bool
    let isFiltered: Bool
    let empty: String
    let pages: Paging
    let isSearchable: Bool
    let search: String
    let filters: [Filter]
    let standardFilter: StandardFilter?
    let mayCreate: Bool
    let create: String
    /// Links to other ways to add objects.
    let ways: [PageLink]
    /// Links to other views of the same objects.
    let views: [PageLink]
    let about: String?
    let ordering: String?
    let sizes: [ChoiceOption]
    /// The actions on several rows.
    let bulk: [ChoiceOption]
    let hasBulk: Bool
    let bulkAddress: Address
    let groupNames: SuggestionSource
    /// The label of the checkbox that selects all rows that match; nil if the page has them all.
    let selectAll: String?
    let total: Int
    /// The filter as the query of the list.
    let filter: String
    let export: String?

    struct Column: TemplateValue {
        let title: String
        /// The address of the list, sorted by the column.
        var sort: String?
        /// The sort order, as a value of `aria-sort`.
        var direction: String?
    }

    struct Row: TemplateValue {
        let id: String
        /// The label of the checkbox that selects the row.
        let choose: String
        let cells: [Cell]
    }

    /// The content of a cell: one of its optional properties.
    struct Cell: TemplateValue {
        let title: String
        var name: String?
        var address: Address?
        var words: String?
        var code: String?
        var time: ShownTime?
    }

    /// A link that turns a filter off or on, and a sentence that says what the filter hides.
    struct StandardFilter: TemplateValue {
        let name: String
        /// The value in the address, for the form with the other filters.
        let value: String
        let sentence: String?
        let title: String
        let address: String
    }

    struct Filter: TemplateValue {
        let name: String
        let label: String
        let options: [ChoiceOption]
    }
}

/// A list as a page of its own.
struct ListPage: PageModel {
    static let template = "list"

    let list: ListTable
}
