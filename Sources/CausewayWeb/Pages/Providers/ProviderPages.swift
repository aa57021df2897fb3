import CausewayAPI
import CausewayJSON
import HTTPTypes

/// Providers: their list, making and changing them, and running one.
struct ProviderPages: Sendable {
    let texts: Texts

    static let address = "/if/admin/providers/"

    private static let list = ListDefinition(
        key: "providers",
        address: address,
        source: "/providers/microsoft_entra/",
        columns: [
            .init("name", "name", .name, ordering: "name"),
            .init("application", "assigned_backchannel_application_name"),
            .init("tenant", "tenant_id", .code, ordering: "tenant_id"), .init("dry_run", "dry_run", .flag),
        ]
    )

    private var forms: FormPages {
        FormPages(
            definition: ProviderForm.definition,
            place: "providers",
            address: Self.address,
            collection: "/providers/microsoft_entra/",
            creation: "create/microsoft-entra/",
            createWord: "finish",
            trial: ConnectionFindings.trial(texts),
            texts: texts
        )
    }

    var routes: [PageRoute] {
        let list = ListView(definition: Self.list, texts: texts)
        let choice = TypePicker(
            place: "providers",
            address: Self.address,
            types: "/providers/all/types/",
            pages: ["ak-provider-microsoft-entra-form": "create/microsoft-entra/"],
            texts: texts
        )
        let one = Self.address + "{id}/"
        return [
            PageRoute(.get, Self.address) { try await list.page($0) },
            PageRoute(.get, one) { try await overview($0) },
            PageRoute(.post, one + "sync/") { try await sync($0) },
            PageRoute(.post, one + "plan/") { try await plan($0) },
            PageRoute(.post, one + "check/") { try await check($0) },
            PageRoute(.post, one + "end-quarantine/") { try await endQuarantine($0) },
        ] + choice.routes + forms.routes + ProviderTabs(texts: texts).routes
            + SchedulePage(texts: texts).routes + LinkPages(texts: texts).routes
    }

    private var frame: ProviderFrame { ProviderFrame(texts: texts) }

    // MARK: Overview

    private func overview(_ request: PageRequest) async throws -> PageResponse {
        let id = request.value("id").urlPathPart
        async let users = request.api.send(.get, "/providers/microsoft_entra_users/?provider__id=\(id)&page_size=1")
        async let groups = request.api.send(.get, "/providers/microsoft_entra_groups/?provider__id=\(id)&page_size=1")
        func count(_ answer: APIAnswer) -> JSONValue {
            .string(Formatting.number(Int(answer.body["pagination"]?["count"]?.integer ?? 0)))
        }
        return try await frame.page(
            request,
            "provider",
            tab: "overview",
            [
                "linked_users": count(await users),
                "linked_groups": count(await groups),
                "throttle": .string(try await ThrottleUse(providerID: id, request.api).words(texts)),
            ],
            runs: 5
        )
    }

    static func shown(_ value: JSONValue?) -> String {
        switch value ?? .null {
        case .null: "–"
        case .string(let text): text
        case let other: other.text
        }
    }

    // MARK: What an operator does

    private func back(_ request: PageRequest, done: String) -> PageResponse {
        .redirect("\(Self.address)\(request.value("id").urlPathPart)/", done: done)
    }

    private func sync(_ request: PageRequest) async throws -> PageResponse {
        let schedule = try await SchedulePage(texts: texts).schedule(request)
        _ = try await request.api.send(.post, "/tasks/schedules/\(schedule["id"]?.string ?? "")/send/").expected()
        return back(request, done: "sync_started")
    }

    private func plan(_ request: PageRequest) async throws -> PageResponse {
        let id = request.value("id").urlPathPart
        let run = try await request.api.send(.post, "/causeway/providers/\(id)/plans/").expected()
        return .redirect("\(RunPages.address)\(run["pk"]?.string ?? "")/")
    }

    private func check(_ request: PageRequest) async throws -> PageResponse {
        let id = request.value("id").urlPathPart
        let answer = try await request.api.send(.post, "/causeway/providers/\(id)/check/").expected()
        let found = ConnectionFindings(answer, texts)
        let values: [String: JSONValue] = ["findings": found.list, "verdict": .string(found.verdict)]
        return try await frame.page(request, "provider-check", tab: "overview", values)
    }

    private func endQuarantine(_ request: PageRequest) async throws -> PageResponse {
        let id = request.value("id").urlPathPart
        let answer = await request.api.send(.delete, "/causeway/providers/\(id)/quarantine/")
        _ = try answer.expected()
        return back(request, done: "quarantine_ended")
    }
}
