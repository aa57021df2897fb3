import CausewayAPI
import CausewayJSON
import HTTPTypes

/// The failures of a provider: a card for each cause, and a page for each with the list of its objects.
struct FailurePages: Sendable {
    let texts: Texts

    var routes: [PageRoute] {
        let address = Address.provider("{id}", .failures)
        return [
            PageRoute(.get, address) { try await causes($0) },
            PageRoute(.post, address) { try await retry($0) },
            PageRoute(.get, address("{cause}")) { try await cause($0) },
        ]
    }

    private func source(_ request: PageRequest) -> String {
        "/causeway/providers/\(request.value("id").urlPathPart)/failures/"
    }

    private func causes(_ request: PageRequest) async throws -> PageResponse {
        let kind = request.query["kind"].flatMap(DirectoryKind.init)
        var query = [(name: "page_size", value: "20"), (name: "page", value: "\(request.query.page)")]
        if let kind { query.append(("kind", kind.rawValue)) }
        let path = "\(source(request))causes/".adding(query)
        let found = try await request.api.get(path, as: ResultPage<FailureCauseView>.self)
        let frame = try await ProviderFrame(request, .failures, texts)
        let page = FailureCausesPage(
            frame: frame,
            causes: found.results.map { ShownCause($0, provider: request.value("id"), texts) },
            isEmpty: found.results.isEmpty,
            filter: kind.map { texts("failures.only.\($0.rawValue)") },
            export: "/api/v3\(source(request))export/",
            pages: Paging(found.pagination, request, texts)
        )
        return frame.response(page, texts)
    }

    /// One cause, and the objects that fail for it, each with its latest outcome.
    private func cause(_ request: PageRequest) async throws -> PageResponse {
        let key = request.value("cause")
        let query = "cause=\(key.urlPathPart)"
        let path = "\(source(request))objects/?\(query)&page_size=50&page=\(request.query.page)"
        async let causes = request.api.rows("\(source(request))causes/?\(query)", as: FailureCauseView.self)
        let found = try await request.api.get(path, as: ResultPage<FailingObjectView>.self)
        let cause = try await causes.first
        let frame = try await ProviderFrame(request, .failures, texts)
        let page = FailureCausePage(
            frame: frame,
            shown: cause.map { ShownCause($0, provider: request.value("id"), texts) },
            rows: found.results.map(FailureCausePage.Row.init),
            export: "/api/v3\(source(request))export/?\(query)",
            pages: Paging(found.pagination, request, texts)
        )
        return frame.response(page, texts)
    }

    /// Syncs the objects that fail for one cause, and shows the run.
    private func retry(_ request: PageRequest) async throws -> PageResponse {
        let path = "/causeway/providers/\(request.value("id").urlPathPart)/retry/"
        let answer = await request.api.send(.post, path, ["cause": .string(request.form["cause"] ?? "")])
        return .redirect(to: .run(try answer.expected(as: RunView.self).pk), done: "sync_started")
    }
}

/// A cause of failures, as the API returns it.
struct FailureCauseView: Decodable, Sendable {
    let cause: String
    let message: Message
    let remedy: Message
    let attribute: String?
    let isRetried: Bool
    let count: Int
    let firstSeen: String
    let lastSeen: String
    /// When the first of the objects is tried again by itself.
    let nextAttempt: String?
    /// Some of the objects.
    let objects: [FailingObjectView]
}

/// An object that fails, as the API returns it.
struct FailingObjectView: Decodable, Sendable {
    let kind: DirectoryKind
    /// The key; nil if the object was deleted in the directory.
    let object: String?
    let name: String
    let message: Message
    let seen: String

    /// The address of its page.
    var address: Address? { object.map { .object($0, kind) } }
}

/// A cause of failures, as its card and its page show it.
struct ShownCause: TemplateValue {
    let message: Message
    let remedy: Message
    let attribute: String?
    let cause: String
    let count: String
    let objects: [ShownObject]
    /// The page of the cause.
    let page: Address
    let all: String
    let others: String?
    let first: ShownTime?
    let last: ShownTime?
    let next: ShownTime?
    /// When it is tried again, if no time is known.
    let nextWords: String

    init(_ cause: FailureCauseView, provider: String, _ texts: Texts) {
        let (count, shown) = (cause.count, cause.objects.count)
        message = cause.message
        remedy = cause.remedy
        attribute = cause.attribute
        self.cause = cause.cause
        self.count = texts("failures.objects", count: count)
        objects = cause.objects.map { ShownObject(name: $0.name, address: $0.address) }
        page = Address.provider(provider, .failures)(cause.cause)
        all = texts("failures.all", count: count)
        others = count > shown ? texts("failures.others", count: count - shown) : nil
        first = ShownTime(cause.firstSeen)
        last = ShownTime(cause.lastSeen)
        next = ShownTime(cause.nextAttempt)
        nextWords = texts(cause.isRetried ? "failures.retried" : "failures.not_retried")
    }
}

/// The template `provider-failures`: the causes.
struct FailureCausesPage: PageModel {
    static let template = "provider-failures"

    let frame: ProviderFrame
    let causes: [ShownCause]
    let isEmpty: Bool
    /// Which objects are shown, if not all are.
    let filter: String?
    /// The address of all failures as CSV.
    let export: String
    let pages: Paging
}

/// The template `provider-cause`: a cause with its objects.
struct FailureCausePage: PageModel {
    static let template = "provider-cause"

    let frame: ProviderFrame
    /// Nil if no object fails for it any more.
    let shown: ShownCause?
    let rows: [Row]
    /// The address of its objects as CSV.
    let export: String
    let pages: Paging

    struct Row: TemplateValue {
        let name: String
        let address: Address?
        let message: Message
        let seen: ShownTime?

        init(_ object: FailingObjectView) {
            name = object.name
            address = object.address
            message = object.message
            seen = ShownTime(object.seen)
        }
    }
}
