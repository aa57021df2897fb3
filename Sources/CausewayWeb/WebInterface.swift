package import CausewayAPI
import CausewayHelp
import CausewayJSON
import CausewayModel
import Foundation
import HTTPTypes
package import Hummingbird
package import Logging
import NIOCore

/// The admin interface: pages for people, rendered on the server from the API's answers to their session. It has no rights of its own, and
/// nothing in memory that a later request needs: that may reach another node.
package struct WebInterface: Sendable {
    private let api: APIService
    private let renderer: PageRenderer
    private let english: InterfaceEdition
    private let german: InterfaceEdition
    private let assets: Assets
    private let kept: KeptForms
    private let shelf: ManualShelf
    private let logger: Logger

    /// The largest form, in bytes.
    private static let formLimit = 2 << 20

    /// - Throws: ``WebInterfaceError`` or ``ManualError`` if a part of the program is missing.
    package init(api: APIService, logger: Logger) async throws {
        let resources = try WebResources.find()
        self.api = api
        self.logger = logger
        shelf = try ManualShelf()
        kept = KeptForms(texts: api.keptTexts)
        english = try InterfaceEdition(resources, shelf, .english)
        german = try InterfaceEdition(resources, shelf, .german)
        renderer = try await PageRenderer(resources, [english.texts, german.texts])
        assets = try Assets(resources)
    }

    /// Answers a browser's request; never throws.
    package func respond(to request: Request, context: APIRequestContext) async -> Response {
        var response = await page(for: request, context)
        if request.method == .head { response.body = ResponseBody() }
        return response
    }

    private func page(for request: Request, _ context: APIRequestContext) async -> Response {
        let path = request.uri.path
        if path.hasPrefix(Assets.base) { return assets.response(path) }
        if path.hasPrefix(Manual.base), let file = try? shelf.manual().file(String(path.dropFirst(Manual.base.count))) {
            return Assets.response(file, name: path)
        }
        if path == "/" { return Self.redirect(to: Address.home.text) }
        guard request.method == .post else { return await page(for: request, context, .success(FormFields())) }
        guard SameOrigin.sent(request, to: api.host(of: request)) else {
            return await page(for: request, context, .failure(.foreignForm))
        }
        return await api.withBody(of: request, upTo: Self.formLimit) { body in
            await page(for: request, context, Self.form(body))
        }
    }

    private static func form(_ body: Result<[UInt8], BodyMemory.Refusal>) -> Result<FormFields, PageError> {
        switch body {
        case .success(let bytes): .success(FormFields(text: String(decoding: bytes, as: UTF8.self)))
        case .failure(.busy): .failure(.busy)
        case .failure(.tooLarge), .failure(.interrupted): .failure(.tooLarge)
        }
    }

    /// Looks up the session after the form has arrived: a session that ended in between does not count.
    private func page(for request: Request, _ context: APIRequestContext, _ form: Result<FormFields, PageError>) async
        -> Response
    {
        let client = await APIClient(api, for: request, context: context)
        let preferences = Preferences(cookies: request.headers[values: .cookie])
        var page = shown(request, preferences, nil)
        do {
            page = shown(request, preferences, try await client.session())
            return try response(try await answer(request, client, page, form, preferences), page)
        } catch PageError.signedOut {
            return Self.redirect(to: SignInPages.address(next: request.method == .get ? request.uri.string : nil))
        } catch {
            return failure(error, page)
        }
    }

    private func edition(_ language: Language) -> InterfaceEdition {
        switch language {
        case .english: english
        case .german: german
        }
    }

    /// The account's language and time zone count, then the browser's.
    private func shown(_ request: Request, _ preferences: Preferences, _ session: PageSession?) -> PageContext {
        let language =
            session?.language.flatMap(Language.init(rawValue:))
            ?? Language(accepted: request.headers[.acceptLanguage])
        let zone = session?.timeZone.flatMap(TimeZone.init(identifier:)) ?? preferences.zone ?? .gmt
        let query = request.uri.query ?? ""
        return PageContext(
            address: request.uri.path,
            query: query,
            done: FormFields(text: query)["done"],
            session: session,
            theme: preferences.theme,
            hasShortcuts: preferences.hasShortcuts,
            viewer: Viewer(texts: edition(language).texts, zone: zone)
        )
    }

    private func answer(
        _ request: Request,
        _ client: APIClient,
        _ page: PageContext,
        _ form: Result<FormFields, PageError>,
        _ preferences: Preferences
    ) async throws -> PageResponse {
        let router = edition(page.viewer.texts.language).router
        guard let (route, values) = router.match(request.method, page.address) else { throw PageError.notFound }
        let isPost = request.method == .post
        guard route.isOpen || page.session != nil || isPost else { throw PageError.signedOut }
        let form = try form.get()
        if isPost, !route.isOpen {
            guard let session = page.session, form["_token"] == session.csrfToken else {
                guard SameOrigin.isTold(request) else { throw PageError.foreignForm }
                guard let kept = await keep(form, request, client, page) else {
                    throw page.session == nil ? PageError.signedOut : .foreignForm
                }
                return kept
            }
        }
        return try await route.handler(
            PageRequest(
                address: page.address,
                path: values,
                query: FormFields(text: page.query),
                form: form,
                api: client.with(token: form["_token"]),
                session: page.session,
                preferences: preferences,
                viewer: page.viewer,
                kept: page.session == nil ? nil : try await keptForm(client, page)
            )
        )
    }

    /// Keeps a form that came without its session, for its browser.
    ///
    /// - Returns: a redirect to the page that shows it again, after the sign-in: the form itself, or one that only sends it; nil if nothing
    ///   was entered, or the form cannot be kept.
    private func keep(_ form: FormFields, _ request: Request, _ client: APIClient, _ page: PageContext) async
        -> PageResponse?
    {
        let address = page.query.isEmpty ? page.address : "\(page.address)?\(page.query)"
        let referrer = request.headers[.referer].flatMap { URL(string: $0)?.path() }
        let back = referrer.flatMap { $0.hasPrefix(Address.home.text) ? $0 : nil } ?? Address.home.text
        guard let form = KeptForm(address: address, form: form, back: back, secrets: Pages.secrets),
            page.session != nil || kept.admits(form, from: client.subscriber),
            let place = await stored(form, client)
        else { return nil }
        let router = edition(page.viewer.texts.language).router
        let isForm = router.match(.get, page.address)?.route.keepsForm == true
        var response = PageResponse.redirect(
            (isForm ? page.address : Address.unsent.text).adding([("kept", place.form)])
        )
        response.cookies = [client.setCookie(KeptForms.cookie, place.browser, for: KeptForms.lifetime)]
        return response
    }

    /// Where a form is kept; nil if the database does not take it. The person can sign in all the same.
    private func stored(_ form: KeptForm, _ client: APIClient) async -> KeptForms.Place? {
        do { return try await kept.keep(form, of: client.cookie(KeptForms.cookie)) } catch {
            logger.warning("a form was not kept", metadata: ["reason": "\(error)"])
            return nil
        }
    }

    private func keptForm(_ client: APIClient, _ page: PageContext) async throws -> KeptForm? {
        guard let key = FormFields(text: page.query)["kept"] else { return nil }
        return try await kept.form(key, of: client.cookie(KeptForms.cookie))
    }

    private func response(_ answer: PageResponse, _ page: PageContext) throws -> Response {
        var response =
            switch answer.content {
            case .redirect(let address): Self.redirect(to: address)
            case .file(let file): Self.download(file)
            case .page(let content):
                Self.html(try renderer.render(content, page), status: HTTPResponse.Status(code: answer.status))
            }
        for cookie in answer.cookies { response.headers.append(HTTPField(name: .setCookie, value: cookie)) }
        return response
    }

    private func failure(_ error: any Error, _ page: PageContext) -> Response {
        let (status, kind, detail) = Self.description(of: error)
        if kind == "failed" {
            logger.error("page failed", metadata: ["path": "\(page.address)", "reason": "\(error)"])
        }
        guard let html = try? renderer.renderError(kind, detail: detail, page) else {
            return Response(status: .internalServerError)
        }
        return Self.html(html, status: status)
    }

    private static func description(of error: any Error) -> (HTTPResponse.Status, kind: String, detail: Message?) {
        switch error {
        case PageError.notFound: (.notFound, "not_found", nil)
        case PageError.forbidden: (.forbidden, "forbidden", nil)
        case PageError.tooLarge: (.contentTooLarge, "too_large", nil)
        case PageError.busy: (.serviceUnavailable, "busy", nil)
        case PageError.foreignForm: (.forbidden, "foreign_form", nil)
        case PageError.unexpected(let status, let detail): (HTTPResponse.Status(code: status), "refused", detail)
        default: (.internalServerError, "failed", nil)
        }
    }

    private static func html(_ text: String, status: HTTPResponse.Status) -> Response {
        var headers = SecurityHeaders.all
        headers[.contentType] = "text/html; charset=utf-8"
        headers[.cacheControl] = "no-store"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    private static func download(_ file: PageFile) -> Response {
        var headers = SecurityHeaders.all
        headers[.contentType] = file.type
        headers[.contentDisposition] = "attachment; filename=\"\(file.name)\""
        headers[.cacheControl] = "no-store"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes)))
    }

    private static func redirect(to address: String) -> Response {
        var headers = SecurityHeaders.all
        headers[.location] = address
        return Response(status: .seeOther, headers: headers)
    }
}

extension APIClient {
    /// The signed-in user; nil without a session.
    fileprivate func session() async throws -> PageSession? {
        let answer = await send(.get, "/causeway/session/")
        guard answer.status != 403 else { return nil }
        return try answer.expected(as: PageSession.self)
    }
}
