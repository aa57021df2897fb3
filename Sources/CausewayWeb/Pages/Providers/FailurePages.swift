import CausewayAPI
import CausewayJSON
import HTTPTypes

/// The failures of a provider: a card for each cause, with a link to the list of its objects.
struct FailurePages: Sendable {
    let texts: Texts

    var routes: [PageRoute] {
        let address = Address.provider("{id}", .failures)
        return [
            PageRoute(.get, address) { try await causes($0) },
            PageRoute(.post, address) { try await retry($0) },
            PageRoute(.get, address("objects")) { try await objects($0) },
        ]
    }

    private func source(_ request: PageRequest) -> String {
        "/causeway/providers/\(request.value("id").urlPathPart)/failures/"
    }

    private func causes(_ request: PageRequest) async throws -> PageResponse {
        let path = "\(source(request))causes/?page_size=20&page=\(request.query.page)"
        let found = try await request.api.get(path, as: ResultPage<FailureCauseView>.self)
        let frame = try await ProviderFrame(request, .failures, texts)
        let page = FailureCausesPage(
            frame: frame,
            causes: found.results.map { FailureCausesPage.Cause($0, provider: request.value("id"), texts) },
            isEmpty: found.results.isEmpty,
            pages: Paging(found.pagination, request, texts)
        )
        return frame.response(page, texts)
    }

    /// The objects that fail for one cause, each with its latest outcome.
    private func objects(_ request: PageRequest) async throws -> PageResponse {
        let cause = request.query["cause"] ?? ""
        let query = "cause=\(cause.urlPathPart)&page_size=50&page=\(request.query.page)"
        let path = "\(source(request))objects/?\(query)"
        let found = try await request.api.get(path, as: ResultPage<FailingObjectView>.self)
        let rows = found.results.map { object in
            FailingObjectsPage.Row(
                name: object.name,
                address: object.address,
                message: object.message,
                seen: Formatting.time(object.seen)
            )
        }
        let frame = try await ProviderFrame(request, .failures, texts)
        let page = FailingObjectsPage(
            frame: frame,
            rows: rows,
            isEmpty: rows.isEmpty,
            cause: cause,
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
    let message: String
    let remedy: String
    let attribute: String?
    let isRetried: Bool
    let count: Int
    let firstSeen: String
    let lastSeen: String
    /// Some of the objects.
    let objects: [FailingObjectView]
}

/// An object that fails, as the API returns it.
struct FailingObjectView: Decodable, Sendable {
    let kind: DirectoryKind
    /// The name; nil if the object was deleted in the directory.
    let object: String?
    let name: String
    let message: String
    let seen: String

    /// The address of its page.
    var address: Address? { object.map { .object($0, kind) } }
}

/// The template `provider-failures`: the causes.
struct FailureCausesPage: PageModel {
    static let template = "provider-failures"

    let frame: ProviderFrame
    let causes: [Cause]
    let isEmpty: Bool
    let pages: Paging

    struct Cause: TemplateValue {
        let message: String
        let remedy: String
        let attribute: String?
        let cause: String
        let count: String
        let objects: [ShownObject]
        /// The address of the list of all its objects.
        let list: String
        let all: String
        let others: String?
        let first: ShownTime?
        let last: ShownTime?
        let next: String

        init(_ cause: FailureCauseView, provider: String, _ texts: Texts) {
            let (count, shown) = (cause.count, cause.objects.count)
            message = cause.message
            remedy = cause.remedy
            attribute = cause.attribute
            self.cause = cause.cause
            self.count = texts("failures.objects", count: count)
            objects = cause.objects.map { ShownObject(name: $0.name, address: $0.address) }
            list = Address.provider(provider, .failures)("objects").query([("cause", cause.cause)])
            all = texts("failures.all", count: count)
            others = count > shown ? texts("failures.others", count: count - shown) : nil
            first = Formatting.time(cause.firstSeen)
            last = Formatting.time(cause.lastSeen)
            next = texts(cause.isRetried ? "failures.retried" : "failures.not_retried")
        }
    }
}

/// The template `provider-failing`: the objects of one cause.
struct FailingObjectsPage: PageModel {
    static let template = "provider-failing"

    let frame: ProviderFrame
    let rows: [Row]
    let isEmpty: Bool
    let cause: String
    let pages: Paging

    struct Row: TemplateValue {
        let name: String
        let address: Address?
        let message: String
        let seen: ShownTime?
    }
}
