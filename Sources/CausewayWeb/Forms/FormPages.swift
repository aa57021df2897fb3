import CausewayAPI
import CausewayJSON
import HTTPTypes

/// The pages on which objects of one kind are made, changed and deleted.
struct FormPages: Sendable {
    let definition: FormDefinition
    /// The list's key in the catalogue and the navigation.
    let place: String
    /// The list's address: `/if/admin/providers/`.
    let address: String
    /// The API's collection.
    let collection: String
    /// What tells objects apart in addresses.
    var id = "pk"
    /// The page of new objects, below the list's address.
    var creation = "create/"
    /// The words of the button that makes one: `Create`, or `Finish` after a choice of types.
    var createWord = "create"
    /// What can be tried before saving.
    var trial: FormTrial?
    let texts: Texts

    var routes: [PageRoute] {
        [
            PageRoute(.get, address + creation) { try await new($0) },
            PageRoute(.post, address + creation) { try await create($0) },
            PageRoute(.get, "\(address){id}/edit/") { try await edit($0) },
            PageRoute(.post, "\(address){id}/edit/") { try await update($0) },
            PageRoute(.get, "\(address){id}/delete/") { try await confirm($0) },
            PageRoute(.post, "\(address){id}/delete/") { try await delete($0) },
        ]
    }

    private func object(_ request: PageRequest) -> String { "\(collection)\(request.value("id").urlPathPart)/" }
    private func page(_ request: PageRequest) -> String { "\(address)\(request.value("id").urlPathPart)/" }
    private func text(_ key: String) -> String { texts("forms.\(definition.key).\(key)") }

    // MARK: New

    private func new(_ request: PageRequest) async throws -> PageResponse {
        try request.requireAdministrator()
        return try await form(FormState(new: definition, request.api), isNew: true, request)
    }

    private func create(_ request: PageRequest) async throws -> PageResponse {
        var state = FormState(sent: request.form, definition)
        let body = try await reading.body(&state, request.api)
        if let trial, trial.isAsked(request) { return try await tried(trial, body, state, id: nil, request) }
        if state.errors.isEmpty {
            let answer = await request.api.send(.post, collection, .object(body))
            if answer.status == 201 {
                let id = answer.body[id].map(ListView.plain) ?? ""
                return .redirect("\(address)\(id.urlPathPart)/", done: "created")
            }
            try state.note(answer, definition)
        }
        return try await form(state, isNew: true, request)
    }

    // MARK: Present ones

    private func edit(_ request: PageRequest) async throws -> PageResponse {
        try request.requireAdministrator()
        let answer = await request.api.send(.get, object(request))
        return try await form(FormState(try answer.expected(), definition, tag: answer.tag), isNew: false, request)
    }

    private func update(_ request: PageRequest) async throws -> PageResponse {
        var state = FormState(sent: request.form, definition)
        let body = try await reading.body(&state, request.api)
        if let trial, trial.isAsked(request) {
            return try await tried(trial, body, state, id: request.value("id"), request)
        }
        if state.errors.isEmpty {
            let answer = await request.api.send(.patch, object(request), .object(body), ifMatch: state.tag)
            if answer.status == 200 {
                let id = answer.body[id].map(ListView.plain) ?? request.value("id")
                return .redirect("\(address)\(id.urlPathPart)/", done: "updated")
            }
            try state.note(answer, definition)
        }
        return try await form(state, isNew: false, request)
    }

    /// The form as it was sent, with the result of the preview.
    private func tried(
        _ trial: FormTrial,
        _ body: [String: JSONValue],
        _ state: FormState,
        id: String?,
        _ request: PageRequest
    ) async throws -> PageResponse {
        try request.requireAdministrator()
        var (state, shown) = (state, [String: JSONValue]())
        if state.errors.isEmpty {
            switch try await trial.run(.object(body), id, request) {
            case .shown(let values): shown = values
            case .refused(let answer, let member): try state.note(answer, definition, below: member)
            }
        }
        return try await form(state, isNew: id == nil, tried: shown, request)
    }

    private var reading: FormReading { FormReading(definition: definition, texts: texts) }

    private func form(
        _ state: FormState,
        isNew: Bool,
        tried: [String: JSONValue] = [:],
        _ request: PageRequest
    ) async throws -> PageResponse {
        let hasProblems = !state.errors.isEmpty || state.problem != nil
        var values = try await FormView(definition: definition, texts: texts, own: isNew ? nil : object(request))
            .values(state, isNew: isNew, request.api)
        values["action"] = .string(request.address)
        values["submit"] = .string(texts("verbs.\(isNew ? createWord : "update")"))
        values["cancel"] = .string(isNew ? address : page(request))
        values["trial"] = try await trial?.values(request, tried, texts)
        let title = text(isNew ? "new" : "edit")
        let content = PageContent(
            "form",
            title: hasProblems ? texts("forms.error_title", ["title": title]) : title,
            place: place,
            trail: [(texts("places.\(place)"), address)],
            values.merging(["heading": .string(title)]) { $1 }
        )
        return .page(content, status: hasProblems ? 422 : 200)
    }

    // MARK: Deletion

    /// A page that says what will happen; what follows is done by its button.
    private func confirm(_ request: PageRequest) async throws -> PageResponse {
        try request.requireAdministrator()
        let object = try await request.api.send(.get, object(request)).expected()
        let name = (object["name"] ?? object["identifier"] ?? .null).string ?? request.value("id")
        let users = await request.api.send(.get, "\(self.object(request))used_by/")
        let uses = (users.body.array ?? []).compactMap { $0["name"]?.string }
        let title = texts("forms.\(definition.key).delete", ["name": name])
        let values: [String: JSONValue] = [
            "question": .string(title), "consequence": .string(text("deletion")), "uses": JSONValue(uses),
            "is_used": .bool(!uses.isEmpty), "submit": .string(text("delete_verb")), "cancel": .string(page(request)),
            "action": .string(request.address),
        ]
        let trail = [(title: texts("places.\(place)"), address: address), (title: name, address: page(request))]
        return .page(PageContent("confirm", title: title, place: place, trail: trail, values))
    }

    private func delete(_ request: PageRequest) async throws -> PageResponse {
        let answer = await request.api.send(.delete, object(request))
        if answer.status != 404 { _ = try answer.expected() }
        return .redirect(address, done: "deleted")
    }
}
