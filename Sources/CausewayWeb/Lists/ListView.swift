import CausewayAPI
import CausewayJSON
import HTTPTypes

/// A page of a list, sorted, filtered and paged by the API; its state is in the address.
struct ListView: Sendable {
    let definition: ListDefinition
    let texts: Texts

    private static let pageSizes = [25, 50, 100]
    private static let standardSize = 50

    /// The list as a page of its own.
    func page(_ request: PageRequest) async throws -> PageResponse {
        let content = PageContent(
            "list",
            title: texts("places.\(definition.key)"),
            place: definition.key,
            ["list": try await values(request)]
        )
        var response = PageResponse.page(content)
        let chosen = ListPreference(request.query)
        if !chosen.items.isEmpty { response.cookies = [chosen.cookie(definition.key)] }
        return response
    }

    /// What was asked for, and what is remembered where nothing was.
    private func query(_ request: PageRequest) -> FormFields {
        let remembered = request.preferences.lists[definition.key]?.items ?? []
        return FormFields(request.query.items + remembered.filter { request.query[$0.name] == nil })
    }

    /// What the template `list-table` shows.
    func values(_ request: PageRequest) async throws -> JSONValue {
        let query = query(request)
        let answer = try await request.api.send(.get, source(query)).expected()
        let found = answer["results"]?.array ?? []
        let rows = try await definition.completed?(found, request.api) ?? found
        let isFiltered = isFiltered(request.query)
        let isAdministrator = request.session?.isAdministrator == true
        return [
            "key": .string(definition.key), "address": .string(request.address),
            "caption": .string(texts("places.\(definition.key)")),
            "columns": .array(definition.columns.map { column($0, query, request) }),
            "rows": .array(rows.map(row)), "is_empty": .bool(rows.isEmpty),
            "is_filtered": .bool(isFiltered), "empty": .string(text(isFiltered ? "nothing_found" : "empty")),
            "pages": Paging(answer["pagination"], request, texts).json,
            "is_searchable": .bool(definition.isSearchable), "search": .string(request.query["search"] ?? ""),
            "filters": .array(definition.filters.map { filter($0, request.query) }),
            "may_create": .bool(definition.creation == .administrator && isAdministrator),
            "create": .string(text("create")),
            "ways": .array(
                definition.ways.map { way in
                    ["title": .string(text("ways.\(way.key)")), "address": .string(definition.address + way.address)]
                }
            ), "about": JSONValue(texts.find("lists.\(definition.key).about")),
            "ordering": JSONValue(query["ordering"]), "sizes": .array(sizes(query)),
            "bulk": .array(isAdministrator ? definition.bulk.map(bulk) : []),
            "has_bulk": .bool(isAdministrator && !definition.bulk.isEmpty && !rows.isEmpty),
            "bulk_address": .string("\(definition.address)bulk/"),
            "export": JSONValue(definition.export.map { "/api/v3\($0)" }),
        ]
    }

    private func text(_ key: String) -> String {
        texts.find("lists.\(definition.key).\(key)") ?? texts("lists.\(key)")
    }

    // MARK: What is asked for

    private func size(_ query: FormFields) -> Int {
        let size = query["page_size"].flatMap { Int($0) } ?? Self.standardSize
        return Self.pageSizes.contains(size) ? size : Self.standardSize
    }

    private func source(_ query: FormFields) -> String {
        var items: [(name: String, value: String)] = [
            ("page", "\(query.page)"),
            ("page_size", "\(size(query))"),
        ]
        if let search = query["search"], !search.isEmpty { items.append(("search", search)) }
        if let ordering = query["ordering"], orderings.contains(ordering) { items.append(("ordering", ordering)) }
        for filter in definition.filters {
            if let value = query[filter.name], filter.values.contains(value) { items.append((filter.name, value)) }
        }
        return definition.source.adding(items)
    }

    private var orderings: Set<String> {
        Set(definition.columns.compactMap(\.ordering).flatMap { [$0, "-\($0)"] })
    }

    private func isFiltered(_ query: FormFields) -> Bool {
        (["search"] + definition.filters.map(\.name)).contains { query[$0].map { !$0.isEmpty } ?? false }
    }

    // MARK: What is shown

    private func sizes(_ query: FormFields) -> [JSONValue] {
        Self.pageSizes.map { size in
            ["value": .string("\(size)"), "label": .string("\(size)"), "is_chosen": .bool(size == self.size(query))]
        }
    }

    private func bulk(_ action: String) -> JSONValue {
        ["value": .string(action), "label": .string(texts("bulk.\(definition.key).\(action).verb"))]
    }

    private func column(_ column: ListDefinition.Column, _ query: FormFields, _ request: PageRequest) -> JSONValue {
        var json: [String: JSONValue] = ["title": .string(text("columns.\(column.key)"))]
        if let ordering = column.ordering {
            let present = query["ordering"] ?? ""
            let next = present == ordering ? "-\(ordering)" : ordering
            let query = request.query.text(replacing: ["ordering": next, "page": nil, "done": nil])
            json["sort"] = .string("\(request.address)?\(query)")
            json["direction"] = .string(
                present == ordering ? "ascending" : present == "-\(ordering)" ? "descending" : "none"
            )
        }
        return .object(json)
    }

    private func row(_ row: JSONValue) -> JSONValue {
        let id = row[definition.id].map(Self.plain) ?? ""
        let address = "\(definition.address)\(id.urlPathPart)/"
        return [
            "id": .string(id), "choose": .string(texts("bulk.choose", ["name": name(of: row)])),
            "cells": .array(definition.columns.map { cell($0, row, address: address) }),
        ]
    }

    private func name(of row: JSONValue) -> String {
        definition.columns.first.flatMap { row[$0.field] }.map(Self.plain) ?? ""
    }

    private func cell(_ column: ListDefinition.Column, _ row: JSONValue, address: String) -> JSONValue {
        let value = column.field.split(separator: ".").reduce(JSONValue?.some(row)) { $0?[String($1)] } ?? .null
        let title = JSONValue.string(text("columns.\(column.key)"))
        switch column.kind {
        case .name:
            let name = Self.plain(value)
            let shown = JSONValue.string(name.isEmpty ? texts("lists.unnamed") : name)
            return ["title": title, "name": shown, "address": .string(address)]
        case .nameWord(let catalogue):
            return ["title": title, "name": .string(word(value, catalogue)), "address": .string(address)]
        case .text: return ["title": title, "words": .string(Self.plain(value))]
        case .code: return ["title": title, "code": .string(Self.plain(value))]
        case .flag:
            let isSet = value.bool ?? false
            return ["title": title, "words": .string(texts(isSet ? "yes" : "no"))]
        case .time: return ["title": title, "time": Formatting.time(value.string) ?? .null, "words": .string("")]
        case .names:
            let names = (value.array ?? []).compactMap { $0["name"]?.string }
            return ["title": title, "words": .string(names.joined(separator: ", "))]
        case .word(let catalogue):
            return ["title": title, "words": .string(word(value, catalogue))]
        }
    }

    private func word(_ value: JSONValue, _ catalogue: String) -> String {
        let word = value.isNull ? "none" : Self.plain(value)
        return texts.find("\(catalogue).\(word)") ?? Self.plain(value)
    }

    static func plain(_ value: JSONValue) -> String {
        switch value {
        case .null: ""
        case .string(let text): text
        case .integer(let number): "\(number)"
        default: value.text
        }
    }

    private func filter(_ filter: ListDefinition.Filter, _ query: FormFields) -> JSONValue {
        let options = ([""] + filter.values).map { value -> JSONValue in
            let label = value.isEmpty ? texts("lists.all") : text("filters.\(filter.name).\(value)")
            return ["value": .string(value), "label": .string(label), "is_chosen": .bool(query[filter.name] == value)]
        }
        return [
            "name": .string(filter.name), "label": .string(text("filters.\(filter.name).label")),
            "options": .array(options),
        ]
    }
}
