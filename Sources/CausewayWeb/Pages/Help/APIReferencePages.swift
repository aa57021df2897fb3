import CausewayAPI
import CausewayJSON
import HTTPTypes

/// The reference of the API, from the document that the API serves. As the document itself, it needs no sign-in.
struct APIReferencePages: Sendable {
    let texts: Texts

    var routes: [PageRoute] {
        [
            PageRoute(.get, APIReference.address, isOpen: true) { try await contents($0) },
            PageRoute(.get, APIReference.address("schemas"), isOpen: true) { try await schemas($0) },
            PageRoute(.get, APIReference.address("{tag}"), isOpen: true) { try await tag($0) },
        ]
    }

    private func reference(_ request: PageRequest) async throws -> APIReference {
        APIReference(document: try await request.api.send(.get, "/schema/").expected())
    }

    /// All operations by tag, or those whose name, method or path has every word of a query.
    private func contents(_ request: PageRequest) async throws -> PageResponse {
        let reference = try await reference(request)
        let query = request.query["q"] ?? ""
        let words = WordList(query)
        let entries = reference.entries.filter { words.areAll(in: "\($0.id) \($0.method) \($0.path)".lowercased()) }
        let tags = reference.tags.compactMap { tag -> APIReferencePage.Tag? in
            let own = entries.filter { $0.tag == tag }
            guard !own.isEmpty else { return nil }
            let address = APIReference.address(of: tag)
            return APIReferencePage.Tag(
                name: tag,
                address: address,
                operations: own.map { entry in
                    APIReferencePage.Entry(
                        id: entry.id,
                        method: entry.method,
                        path: entry.path,
                        address: "\(address.text)#\(entry.id)"
                    )
                }
            )
        }
        let page = APIReferencePage(query: query, tags: tags)
        return .page(content(page, texts("reference.title"), below: [texts("help.title"): .help]))
    }

    private func tag(_ request: PageRequest) async throws -> PageResponse {
        let operations = try await reference(request).operations(of: request.value("tag"))
        guard !operations.isEmpty else { throw PageError.notFound }
        let page = APITagPage(operations: operations)
        let title = texts("reference.tag", ["tag": request.value("tag")])
        return .page(content(page, title, below: trail))
    }

    private func schemas(_ request: PageRequest) async throws -> PageResponse {
        let page = APISchemasPage(schemas: try await reference(request).shownSchemas)
        return .page(content(page, texts("reference.schemas"), below: trail))
    }

    private var trail: KeyValuePairs<String, Address> {
        [texts("help.title"): .help, texts("reference.title"): APIReference.address]
    }

    private func content(_ page: some PageModel, _ title: String, below trail: KeyValuePairs<String, Address>)
        -> PageContent
    {
        PageContent(page, title: title, place: "help", trail: trail.map { PageLink(title: $0.key, address: $0.value) })
    }
}

/// The template `api-reference`: the operations by their tags.
struct APIReferencePage: PageModel {
    static let template = "api-reference"

    let query: String
    let tags: [Tag]

    struct Tag: TemplateValue {
        let name: String
        let address: Address
        let operations: [Entry]
    }

    struct Entry: TemplateValue {
        let id: String
        let method: String
        let path: String
        let address: String
    }
}

/// The template `api-tag`: the operations of one tag.
struct APITagPage: PageModel {
    static let template = "api-tag"

    let operations: [APIReference.Operation]
}

/// The template `api-schemas`: what requests and answers contain.
struct APISchemasPage: PageModel {
    static let template = "api-schemas"

    let schemas: [APIReference.Schema]
}
