import CausewayAPI
import CausewayJSON
import HTTPTypes

/// When a provider is synced as a whole, and whether it pauses.
struct SchedulePage: Sendable {
    let texts: Texts

    static let form = FormDefinition(
        key: "schedule",
        groups: [
            FormGroup(
                key: "",
                fields: [FormField(name: "crontab", kind: .text), FormField(name: "paused", kind: .flag)]
            )
        ]
    )

    private var frame: ProviderFrame { ProviderFrame(texts: texts) }

    var routes: [PageRoute] {
        let address = ProviderPages.address + "{id}/schedule/"
        return [
            PageRoute(.get, address) { request in
                let schedule = try await schedule(request)
                return try await show(schedule, FormState(schedule, Self.form, tag: nil), request)
            },
            PageRoute(.post, address) { try await update($0) },
        ]
    }

    func schedule(_ request: PageRequest) async throws -> JSONValue {
        let query = "rel_obj_id=\(request.value("id").urlPathPart)&page_size=1"
        let found = try await request.api.send(.get, "/tasks/schedules/?\(query)").expected()
        guard let schedule = found["results"]?.array?.first else { throw PageError.notFound }
        return schedule
    }

    private func show(_ schedule: JSONValue, _ state: FormState, _ request: PageRequest) async throws -> PageResponse {
        var values = try await FormView(definition: Self.form, texts: texts).values(state, isNew: false, request.api)
        values["next"] =
            schedule["paused"]?.bool == true ? .null : Formatting.time(schedule["next_run"]?.string) ?? .null
        values["action"] = .string(request.address)
        let isRefused = !state.errors.isEmpty || state.problem != nil
        return try await frame.page(
            request,
            "provider-schedule",
            tab: "schedule",
            values,
            status: isRefused ? 422 : 200
        )
    }

    private func update(_ request: PageRequest) async throws -> PageResponse {
        let schedule = try await schedule(request)
        var state = FormState(sent: request.form, Self.form)
        let body = try await FormReading(definition: Self.form, texts: texts).body(&state, request.api)
        let path = "/tasks/schedules/\(schedule["id"]?.string ?? "")/"
        let answer = await request.api.send(.patch, path, .object(body))
        if answer.status == 200 { return .redirect(request.address, done: "updated") }
        try state.note(answer, Self.form)
        return try await show(schedule, state, request)
    }
}
