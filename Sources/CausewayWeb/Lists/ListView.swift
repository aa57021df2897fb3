import CausewayAPI

/// A page of a list, which the API sorts, filters and pages; its state is in the address.
struct ListView<Row: ListRow>: Sendable {
    let definition: ListDefinition<Row>
    let texts: Texts

    private static var pageSizes: [Int] { [25, 50, 100] }
    private static var standardSize: Int { 50 }

    /// The list as a page of its own.
    func page(_ request: PageRequest) async throws -> PageResponse {
        response(ListPage(list: try await table(request)), request)
    }

    /// A page that has the list. The browser remembers the chosen order and page size.
    func response(_ page: some PageModel, _ request: PageRequest) -> PageResponse {
        let title = texts("places.\(definition.key)")
        var response = PageResponse.page(PageContent(page, title: title, place: definition.key))
        let chosen = ListPreference(request.query)
        if !chosen.items.isEmpty { response.cookies = [chosen.cookie(definition.key)] }
        return response
    }

    /// The requested values, or the remembered ones.
    private func query(_ request: PageRequest) -> FormFields {
        let remembered = request.preferences.lists[definition.key]?.items ?? []
        return FormFields(request.query.items + remembered.filter { request.query[$0.name] == nil })
    }

    /// The list as a part of another page.
    func table(_ request: PageRequest) async throws -> ListTable {
        let query = query(request)
        let found = try await request.api.get(source(query), as: ResultPage<Row>.self)
        let rows = try await definition.completed?(found.results, request.api) ?? found.results
        let isFiltered = isFiltered(request.query)
        let isAdministrator = request.session?.isAdministrator == true
        return ListTable(
            key: definition.key,
            address: request.address,
            caption: texts("places.\(definition.key)"),
            columns: definition.columns.map { column($0, query, request) },
            rows: shown(rows),
            isEmpty: rows.isEmpty,
            isFiltered: isFiltered,
            empty: text(isFiltered ? "nothing_found" : "empty"),
            pages: Paging(found.pagination, request, texts),
            isSearchable: definition.isSearchable,
            search: request.query["search"] ?? "",
            filters: definition.filters.map { filter($0, request.query) },
            standardFilter: definition.standardFilter.map { shown($0, request) },
            mayCreate: definition.creation == .administrator && isAdministrator,
            create: text("create"),
            ways: definition.ways.map { PageLink(title: text("ways.\($0.key)"), address: $0.address) },
            views: definition.views.map { PageLink(title: text("views.\($0.key)"), address: $0.address) },
            about: texts.find("lists.\(definition.key).about"),
            ordering: query["ordering"],
            sizes: sizes(query),
            bulk: isAdministrator ? definition.bulk.map(bulk) : [],
            hasBulk: isAdministrator && !definition.bulk.isEmpty && !rows.isEmpty,
            bulkAddress: definition.address.bulk,
            groupNames: .groups,
            selectAll: found.pagination.count > rows.count
                ? texts("bulk.matching", ["count": texts.number(found.pagination.count)]) : nil,
            total: found.pagination.count,
            filter: QueryText.text(of: conditions(query)),
            export: definition.export.map { "/api/v3\($0)" }
        )
    }

    private func text(_ key: String) -> String {
        texts.find("lists.\(definition.key).\(key)") ?? texts("lists.\(key)")
    }

    // MARK: Request

    private func size(_ query: FormFields) -> Int {
        let size = query["page_size"].flatMap { Int($0) } ?? Self.standardSize
        return Self.pageSizes.contains(size) ? size : Self.standardSize
    }

    private func source(_ query: FormFields) -> String {
        var items: [(name: String, value: String)] = [
            ("page", "\(query.page)"),
            ("page_size", "\(size(query))"),
        ]
        if let ordering = query["ordering"], orderings.contains(ordering) { items.append(("ordering", ordering)) }
        if let filter = definition.standardFilter, isOn(filter, query) { items.append((filter.name, filter.value)) }
        return definition.source.adding(items + conditions(query))
    }

    /// The search and the filters.
    private func conditions(_ query: FormFields) -> [(name: String, value: String)] {
        var items: [(name: String, value: String)] = []
        if let search = query["search"], !search.isEmpty { items.append(("search", search)) }
        for filter in definition.filters {
            if let value = query[filter.name], filter.values.contains(value) { items.append((filter.name, value)) }
        }
        return items
    }

    private func isOn(_ filter: ListDefinition<Row>.StandardFilter, _ query: FormFields) -> Bool {
        query[filter.name] != ListDefinition<Row>.StandardFilter.off
    }

    private func shown(_ filter: ListDefinition<Row>.StandardFilter, _ request: PageRequest) -> ListTable.StandardFilter
    {
        let (off, isOn) = (ListDefinition<Row>.StandardFilter.off, isOn(filter, request.query))
        let key = "standard_filters.\(filter.name)"
        let query = request.query.text(replacing: [filter.name: isOn ? off : nil, "page": nil, "done": nil])
        return ListTable.StandardFilter(
            name: filter.name,
            value: isOn ? "" : off,
            sentence: isOn ? text("\(key).sentence") : nil,
            title: text("\(key).\(isOn ? "on" : "off")"),
            address: query.isEmpty ? request.address : "\(request.address)?\(query)"
        )
    }

    private var orderings: Set<String> {
        Set(definition.columns.compactMap(\.ordering).flatMap { [$0, "-\($0)"] })
    }

    private func isFiltered(_ query: FormFields) -> Bool {
        (["search"] + definition.filters.map(\.name)).contains { query[$0].map { !$0.isEmpty } ?? false }
    }

    // MARK: Content

    private func sizes(_ query: FormFields) -> [ChoiceOption] {
        Self.pageSizes.map { ChoiceOption(value: "\($0)", label: "\($0)", isChosen: $0 == size(query)) }
    }

    private func bulk(_ action: String) -> ChoiceOption {
        ChoiceOption(value: action, label: texts("bulk.\(definition.key).\(action).verb"), isChosen: false)
    }

    private func column(_ column: ListDefinition<Row>.Column, _ query: FormFields, _ request: PageRequest)
        -> ListTable.Column
    {
        var shown = ListTable.Column(title: text("columns.\(column.key)"))
        guard let ordering = column.ordering else { return shown }
        let present = query["ordering"] ?? ""
        let next = present == ordering ? "-\(ordering)" : ordering
        shown.sort = "\(request.address)?\(request.query.text(replacing: ["ordering": next, "page": nil, "done": nil]))"
        shown.direction = present == ordering ? "ascending" : present == "-\(ordering)" ? "descending" : "none"
        return shown
    }

    private func shown(_ rows: [Row]) -> [ListTable.Row] {
        let titles = definition.columns.map { text("columns.\($0.key)") }
        return rows.map { row in
            let cells = zip(definition.columns, titles).map { cell($0, title: $1, row) }
            let name = cells.first?.name ?? cells.first?.words ?? ""
            return ListTable.Row(id: row.id, choose: texts("bulk.choose", ["name": name]), cells: cells)
        }
    }

    private func cell(_ column: ListDefinition<Row>.Column, title: String, _ row: Row) -> ListTable.Cell {
        var cell = ListTable.Cell(title: title)
        switch column.value {
        case .name(let value):
            let name = value(row) ?? ""
            cell.name = name.isEmpty ? texts("lists.unnamed") : name
            cell.address = definition.address(row.id)
        case .nameWord(let value, let catalog):
            cell.name = word(value(row), catalog)
            cell.address = definition.address(row.id)
        case .text(let value): cell.words = value(row)
        case .message(let value): cell.words = texts.message(value(row))
        case .code(let value): cell.code = value(row)
        case .flag(let value): cell.words = texts(value(row) ? "yes" : "no")
        case .time(let value): cell.time = ShownTime(value(row))
        case .word(let value, let catalog): cell.words = word(value(row), catalog)
        }
        return cell
    }

    private func word(_ word: String?, _ catalog: String) -> String {
        texts.find("\(catalog).\(word ?? "none")") ?? word ?? ""
    }

    private func filter(_ filter: ListDefinition<Row>.Filter, _ query: FormFields) -> ListTable.Filter {
        let options = ([""] + filter.values).map { value in
            let label = value.isEmpty ? texts("lists.all") : text("filters.\(filter.name).\(value)")
            return ChoiceOption(value: value, label: label, isChosen: query[filter.name] == value)
        }
        return ListTable.Filter(
            name: filter.name,
            label: text("filters.\(filter.name).label"),
            options: options
        )
    }
}
