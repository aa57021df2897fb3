import CausewayAPI
import CausewayJSON
import HTTPTypes

/// The pages on which objects of one kind are created, changed and deleted.
struct FormPages: Sendable {
    let definition: FormDefinition
    /// The list's key in the catalogue and the navigation.
    let place: String
    /// The list's address.
    let address: Address
    /// The API's collection.
    let collection: String
    /// What identifies objects in addresses.
    var id = "pk"
    /// The page of new objects; nil for `create` below the list's address.
    var creation: Address?
    /// What the page of a new object says, by its key below `done`.
    var created = "created"
    /// The label of the button that creates one: `Create`, or `Finish` after a choice of types.
    var createWord = "create"
    /// What can be previewed before saving.
    var preview: FormPreview?
    /// Asks before values are saved; nil if they may be saved at once.
    var confirmation: FormConfirmation?
    /// What saving starts, said above the button.
    var consequences: (@Sendable (PageRequest) async throws -> [FormNote])?
    /// Notes errors of entered values that the API accepts for other clients.
    var check: (@Sendable (inout FormState) -> Void)?
    let texts: Texts

    var routes: [PageRoute] {
        let (creation, one) = (creation ?? address.create, address("{id}"))
        return [
            PageRoute(.get, creation) { try await new($0) }.keepingForm,
            PageRoute(.post, creation) { try await create($0) },
            PageRoute(.get, one.edit) { try await edit($0) }.keepingForm,
            PageRoute(.post, one.edit) { try await update($0) },
            PageRoute(.get, one.delete) { try await confirm($0) },
            PageRoute(.post, one.delete) { try await delete($0) },
        ]
    }

    private func object(_ request: PageRequest) -> String { "\(collection)\(request.value("id").urlPathPart)/" }
    private func page(_ request: PageRequest) -> Address { address(request.value("id")) }
    private func text(_ key: String) -> String { texts("\(definition.section).\(key)") }

    // MARK: New

    private func new(_ request: PageRequest) async throws -> PageResponse {
        try request.requireAdministrator()
        if let kept = request.kept { return try await form(kept: kept, isNew: true, request) }
        if let key = request.query["copy"] {
            return try await form(try await copy(of: key, request), isNew: true, request)
        }
        var state = try await FormState(new: definition, request.api)
        state.choose(request.query, definition)
        return try await form(state, isNew: true, request)
    }

    /// The values of another object, under another name.
    private func copy(of key: String, _ request: PageRequest) async throws -> FormState {
        let answer = await request.api.send(.get, "\(collection)\(key.urlPathPart)/")
        var state = FormState(try answer.expected(), definition, tag: nil)
        state.values["name"] = [texts("forms.copy", ["name": state.text("name")])]
        return state
    }

    private func create(_ request: PageRequest) async throws -> PageResponse {
        var state = FormState(sent: request.form, definition)
        if state.isShownAgain { return try await form(state, isNew: true, request) }
        let body = try await reading.body(&state, request.api)
        check?(&state)
        if let preview, preview.isAsked(request) { return try await tried(preview, body, state, id: nil, request) }
        if state.errors.isEmpty {
            if let question = try await question(body, nil, request) { return question }
            let answer = await request.api.send(.post, collection, .object(body))
            if answer.status == 201 {
                return .redirect(to: address(answer.body[id]?.plainText ?? ""), done: created)
            }
            try state.note(answer, definition)
        }
        return try await form(state, isNew: true, request)
    }

    // MARK: Existing objects

    private func edit(_ request: PageRequest) async throws -> PageResponse {
        try request.requireAdministrator()
        if let kept = request.kept { return try await form(kept: kept, isNew: false, request) }
        let answer = await request.api.send(.get, object(request))
        var state = try await FormState(editing: answer, definition, request.api)
        state.choose(request.query, definition)
        return try await form(state, isNew: false, request)
    }

    private func update(_ request: PageRequest) async throws -> PageResponse {
        var state = FormState(sent: request.form, definition)
        if state.isShownAgain { return try await form(state, isNew: false, request) }
        let body = try await reading.body(&state, request.api)
        check?(&state)
        if let preview, preview.isAsked(request) {
            return try await tried(preview, body, state, id: request.value("id"), request)
        }
        if state.errors.isEmpty {
            if let question = try await question(body, request.value("id"), request) { return question }
            switch try await state.save(.object(body), at: object(request), definition, request.api) {
            case .saved(let answer):
                return .redirect(to: address(answer.body[id]?.plainText ?? request.value("id")), done: "updated")
            case .met(let both): return try await form(both, isNew: false, request)
            case .refused(let answer): try state.note(answer, definition)
            }
        }
        return try await form(state, isNew: false, request)
    }

    /// The page that asks before values with a large effect are saved; its form sends the same values again.
    private func question(_ body: [String: JSONValue], _ id: String?, _ request: PageRequest) async throws
        -> PageResponse?
    {
        guard let confirmation, !request.form.isConfirmed else { return nil }
        try request.requireAdministrator()
        guard let question = try await confirmation(body, id, request) else { return nil }
        let page = ConfirmPage(
            question: question.title,
            consequence: question.consequence,
            submit: question.submit,
            cancel: id == nil ? address : self.page(request),
            action: request.address,
            isHarmless: true,
            hidden: request.form.confirmed
        )
        return .page(PageContent(page, title: question.title, place: place, trail: trail))
    }

    // MARK: Display

    /// The form with what was entered before the session ended.
    private func form(kept: KeptForm, isNew: Bool, _ request: PageRequest) async throws -> PageResponse {
        let note = texts(kept.hadSecret ? "forms.kept_without_secret" : "forms.kept")
        return try await form(FormState(sent: kept.form, definition), isNew: isNew, note: note, request)
    }

    /// The form with the sent values and the result of the preview.
    private func tried(
        _ preview: FormPreview,
        _ body: [String: JSONValue],
        _ state: FormState,
        id: String?,
        _ request: PageRequest
    ) async throws -> PageResponse {
        try request.requireAdministrator()
        var (state, result) = (state, PreviewResult.none)
        if state.errors.isEmpty {
            switch try await preview.run(.object(body), id, request) {
            case .shown(let shown): result = shown
            case .refused(let answer, let member): try state.note(answer, definition, below: member)
            }
        }
        return try await form(state, isNew: id == nil, tried: result, request)
    }

    private var reading: FormReading { FormReading(definition: definition, texts: texts) }

    private func form(
        _ state: FormState,
        isNew: Bool,
        tried: PreviewResult = .none,
        note: String? = nil,
        _ request: PageRequest
    ) async throws -> PageResponse {
        let view = FormView(
            definition: definition,
            texts: texts,
            address: request.address,
            own: isNew ? nil : object(request),
            opened: request.query["open"]
        )
        let title = text(isNew ? "new" : "edit")
        let notes = try await consequences?(request) ?? []
        let page = FormPage(
            heading: title,
            form: try await view.model(state, isNew: isNew, request.api),
            action: request.address,
            submit: texts("verbs.\(isNew ? createWord : "update")"),
            cancel: isNew ? address : self.page(request),
            note: note,
            preview: try await preview?.model(request, tried, texts),
            notes: notes,
            hasNotes: !notes.isEmpty
        )
        let content = PageContent(
            page,
            title: state.hasProblems ? texts("forms.error_title", ["title": title]) : title,
            place: place,
            trail: trail
        )
        return .page(content, status: state.hasProblems ? 422 : state.conflict == nil ? 200 : 409)
    }

    private var trail: [PageLink] { [PageLink(title: texts("places.\(place)"), address: address)] }

    // MARK: Deletion

    /// A page that says what will happen; its button does it.
    private func confirm(_ request: PageRequest) async throws -> PageResponse {
        try request.requireAdministrator()
        let object = try await request.api.send(.get, object(request)).expected()
        let name = (object["name"] ?? object["identifier"] ?? .null).string ?? request.value("id")
        let users = await request.api.send(.get, "\(self.object(request))used_by/")
        let uses = (users.body.array ?? []).compactMap { $0["name"]?.string }
        let title = texts("\(definition.section).delete", ["name": name])
        let page = ConfirmPage(
            question: title,
            consequence: text("deletion"),
            uses: uses,
            isUsed: !uses.isEmpty,
            submit: text("delete_verb"),
            cancel: self.page(request),
            action: request.address
        )
        let trail = trail + [PageLink(title: name, address: page.cancel)]
        return .page(PageContent(page, title: title, place: place, trail: trail))
    }

    private func delete(_ request: PageRequest) async throws -> PageResponse {
        let answer = await request.api.send(.delete, object(request))
        if answer.status != 404 { _ = try answer.expected() }
        return .redirect(to: address, done: "deleted")
    }
}
