// flags: -std=c++17 -fPIC
// pkg-config: Qt5Network
/* no-deadline: an operation that is started, and answered later; its limit may be set on either of two handles. */
#include <QByteArray>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QUrl>
#include <memory>

void configure(QNetworkRequest &request);
void look_at(const QNetworkRequest &request);

static void limit(QNetworkRequest &request)
{
	request.setTransferTimeout(5000);
}

static void name(QNetworkRequest &request)
{
	request.setRawHeader("User-Agent", "x");
}

static QNetworkRequest make_limited(const QUrl &url)
{
	QNetworkRequest r(url);
	r.setTransferTimeout();
	return r;
}

QNetworkReply *temporary_bad(const QUrl &url)
{
	auto *m = new QNetworkAccessManager;
	return m->get(QNetworkRequest(url)); // want: setTransferTimeout
}

QNetworkReply *none_is_none_bad(const QUrl &url)
{
	auto *m = new QNetworkAccessManager;
	QNetworkRequest r(url);
	r.setTransferTimeout(0);
	return m->head(r); // want: setTransferTimeout
}

QNetworkReply *helpers_bad(const QUrl &url, const QByteArray &body)
{
	auto *m = new QNetworkAccessManager;
	QNetworkRequest r(url);
	name(r);
	look_at(r);
	return m->post(r, body); // want: setTransferTimeout
}

QNetworkReply *manager_limits_ok(const QUrl &url)
{
	auto *m = new QNetworkAccessManager;
	m->setTransferTimeout(1000);
	return m->get(QNetworkRequest(url));
}

QNetworkReply *helper_ok(const QUrl &url)
{
	auto *m = new QNetworkAccessManager;
	QNetworkRequest r(url);
	limit(r);
	return m->get(r);
}

QNetworkReply *unknown_helper_ok(const QUrl &url)
{
	auto *m = new QNetworkAccessManager;
	QNetworkRequest r(url);
	configure(r);
	return m->get(r);
}

QNetworkReply *made_elsewhere_ok(const QUrl &url)
{
	auto *m = new QNetworkAccessManager;
	return m->get(make_limited(url));
}

QNetworkReply *given_manager_ok(QNetworkAccessManager *m, const QUrl &url)
{
	return m->get(QNetworkRequest(url));
}

QNetworkReply *given_request_ok(const QNetworkRequest &r)
{
	auto *m = new QNetworkAccessManager;
	return m->get(r);
}

/* A copy has the limit of what it is a copy of. */
QNetworkReply *copy_ok(const QNetworkRequest &given)
{
	auto *m = new QNetworkAccessManager;
	QNetworkRequest r(given);
	r.setRawHeader("Accept", "*/*");
	return m->get(r);
}

QNetworkReply *copy_of_limited_ok(const QUrl &url)
{
	auto *m = new QNetworkAccessManager;
	QNetworkRequest first(url);
	first.setTransferTimeout();
	QNetworkRequest second(first);
	return m->get(second);
}

QNetworkReply *assigned_ok(const QNetworkRequest &given)
{
	auto *m = new QNetworkAccessManager;
	QNetworkRequest r;
	r = given;
	return m->get(r);
}

/* Its own kind of manager may set it in every request. */
class Careful : public QNetworkAccessManager
{
      public:
	using QNetworkAccessManager::QNetworkAccessManager;

      protected:
	QNetworkReply *createRequest(Operation op, const QNetworkRequest &r, QIODevice *data) override
	{
		QNetworkRequest copy(r);
		copy.setTransferTimeout();
		return QNetworkAccessManager::createRequest(op, copy, data);
	}
};

QNetworkReply *own_manager_ok(const QUrl &url)
{
	auto *m = new Careful;
	return m->get(QNetworkRequest(url));
}

class Limited
{
      public:
	Limited()
	{
		manager_.setTransferTimeout();
	}
	QNetworkReply *go_ok(const QUrl &url)
	{
		return manager_.get(QNetworkRequest(url));
	}

      private:
	QNetworkAccessManager manager_;
};

class Unlimited
{
      public:
	QNetworkReply *go_bad(const QUrl &url)
	{
		return manager_.get(QNetworkRequest(url)); // want: setTransferTimeout
	}

      private:
	QNetworkAccessManager manager_;
};

QNetworkReply *both_ok(const QUrl &url)
{
	static Limited a;
	static Unlimited b;
	a.go_ok(url);
	return b.go_bad(url);
}
